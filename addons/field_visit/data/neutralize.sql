-- A copy for tests asks no road service and no directory of places, which are paid by the call.
UPDATE field_matrix_provider SET active = FALSE WHERE kind <> 'straight';
UPDATE field_prospect_provider SET active = FALSE WHERE kind <> 'list';
