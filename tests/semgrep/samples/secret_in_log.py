import logging

_logger = logging.getLogger(__name__)


def receive(device, token, fix, positions, lat, payload, error):
    # ruleid: field-secret-in-log
    _logger.info("refused %s", token)
    # ruleid: field-secret-in-log
    _logger.warning("device %s has %s", device.id, device.token_hash)
    # ruleid: field-secret-in-log
    _logger.debug("fix at %s, %s", lat, fix.lng)
    # ruleid: field-secret-in-log
    _logger.error(f"refused {fix.latitude}")
    # ruleid: field-secret-in-log
    _logger.info("body: %s", payload)
    # ok: field-secret-in-log
    _logger.info("%s positions of device %s", len(positions), device.id)
    # ok: field-secret-in-log
    _logger.info("a token was refused")
    # ok: field-secret-in-log
    _logger.warning("event %s was refused: %s", device.id, error)
