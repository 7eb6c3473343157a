-- A copy for tests asks no road service and no directory of places, which are paid by the call,
-- and sends no talk to a service that writes it down.
UPDATE field_matrix_provider SET active = FALSE WHERE kind <> 'straight';
UPDATE field_prospect_provider SET active = FALSE WHERE kind <> 'list';
UPDATE field_transcript_provider SET active = FALSE;
