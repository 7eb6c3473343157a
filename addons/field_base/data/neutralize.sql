-- A copy for tests tells nobody outside what happens in it.
UPDATE field_webhook SET active = FALSE;
UPDATE field_webhook_delivery SET state = 'failed', status = 'neutralized' WHERE state = 'pending';
UPDATE res_company SET field_seal_email = NULL, field_push = FALSE;
