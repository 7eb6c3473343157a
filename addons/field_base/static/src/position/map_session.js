import { session } from "@web/session";
import { setMapConfig } from "../map/map_config";

// the session is read at the start, once: later somebody else may have emptied it
setMapConfig(session.field_map || null);
