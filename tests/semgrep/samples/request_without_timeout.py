import urllib.request

import requests


def fetch(url):
    # ruleid: field-request-without-timeout
    requests.get(url)
    # ruleid: field-request-without-timeout
    requests.post(url, json={})
    # ruleid: field-request-without-timeout
    requests.get(url, timeout=None)
    # ruleid: field-request-without-timeout
    urllib.request.urlopen(url)
    session = requests.Session()
    # ruleid: field-request-without-timeout
    session.get(url)
    # ok: field-request-without-timeout
    session.post(url, timeout=5)
    # ok: field-request-without-timeout
    requests.get(url, timeout=(3, 10))
    # ok: field-request-without-timeout
    urllib.request.urlopen(url, timeout=5)
