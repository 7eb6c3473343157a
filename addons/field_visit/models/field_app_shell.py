from odoo import api, models
from odoo.tools import file_open

_FOLDER = "field_visit/static/lib/face-api"
_MODELS = ("tiny_face_detector_model", "face_landmark_68_tiny_model", "face_recognition_model")
_FILES = {
    "face_script": "face-api.js",
    "face_wasm": "tfjs-backend-wasm.wasm",
    "face_simd": "tfjs-backend-wasm-simd.wasm",
    **{f"{name}_list": f"{name}-weights_manifest.json" for name in _MODELS},
    **{f"{name}_data": f"{name}.bin" for name in _MODELS},
}


class FieldAppShell(models.AbstractModel):
    """The face match is 9 MB: a phone fetches it when its person sets it up, never before."""

    _inherit = "field.app.shell"

    @api.model
    def _get_asked_files(self):
        version = self._get_face_version()
        files = {name: f"/{_FOLDER}/{file}?v={version}" for name, file in _FILES.items()}
        return {**super()._get_asked_files(), **files}

    @api.model
    def _get_face_version(self):
        with file_open(f"{_FOLDER}/VERSION") as file:
            return file.read().strip()
