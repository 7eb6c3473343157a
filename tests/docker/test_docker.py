"""The container files agree with each other and with odoo.conf, as far as no engine is needed."""

import configparser
import re
import shutil
import string
import subprocess
from urllib.parse import urlsplit

import pytest
import yaml

from tests.support.repository import ROOT, manifest, modules, tracked_files

from . import nginx_conf

DOCKER = ROOT / "docker"


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((DOCKER / "compose.yaml").read_text())


@pytest.fixture(scope="module")
def services(compose):
    return compose["services"]


@pytest.fixture(scope="module")
def options():
    parser = configparser.RawConfigParser()
    parser.read(ROOT / "odoo.conf")
    return parser["options"]


@pytest.fixture(scope="module")
def http():
    return nginx_conf.parse((DOCKER / "nginx.conf").read_text()).one("http")


@pytest.fixture(scope="module")
def secure(http):
    """The server that speaks HTTPS."""
    return next(s for s in http.all("server") if s.all("listen", "443", "ssl"))


@pytest.fixture(scope="module")
def plain(http):
    return next(s for s in http.all("server") if s.all("listen", "80"))


def instructions():
    """The Dockerfile as (instruction, rest), continued lines joined."""
    text = (DOCKER / "Dockerfile").read_text().replace("\\\n", " ")
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            name, rest = line.split(None, 1)
            yield name.upper(), rest.strip()


def arguments_of(name):
    return [rest for found, rest in instructions() if found == name]


# --- the image ------------------------------------------------------------------------------------


def test_image_is_odoo_19_and_ends_without_root():
    assert arguments_of("FROM") == ["odoo:19"]
    assert arguments_of("USER")[-1] == "odoo"
    names = [name for name, _rest in instructions()]
    last_user = len(names) - 1 - names[::-1].index("USER")
    assert "RUN" not in names[last_user:]
    assert "COPY" not in names[last_user:]


def test_each_copied_thing_exists_and_reaches_the_build():
    ignore = (DOCKER / "Dockerfile.dockerignore").read_text().splitlines()
    assert "*" in ignore, "only what is named may reach the build"
    sources = [part for rest in arguments_of("COPY") for part in rest.split()[:-1]]
    sources = [source for source in sources if not source.startswith("--")]
    assert sources
    for source in sources:
        assert (ROOT / source).exists(), source
        assert f"!{source}" in ignore, f"{source} is ignored by the build"


def test_image_brings_what_the_modules_need():
    assert any("requirements.txt" in rest for rest in arguments_of("RUN"))
    binaries = {
        name
        for module in modules()
        for name in manifest(module).get("external_dependencies", {}).get("bin", [])
    }
    assert not binaries, "programs that the image would have to install"


def test_addons_lie_where_odoo_looks(options):
    targets = {rest.split()[0]: rest.split()[-1] for rest in arguments_of("COPY")}
    assert targets["addons"] in options["addons_path"].split(",")
    assert targets["odoo.conf"] == "/etc/odoo/odoo.conf"


def test_image_exposes_odoos_ports(options):
    assert set(arguments_of("EXPOSE")[0].split()) == {options["http_port"], options["gevent_port"]}


# --- the services ---------------------------------------------------------------------------------


def test_build_context_is_the_repository(services):
    build = services["odoo"]["build"]
    assert (DOCKER / build["context"]).resolve() == ROOT
    assert (ROOT / build["dockerfile"]).is_file()


def test_every_service_restarts_and_tells_its_health(services):
    for name, service in services.items():
        assert service["restart"] == "unless-stopped", name
        assert service["healthcheck"]["test"][0] == "CMD", name
        assert service["read_only"] is True, name
        assert "no-new-privileges:true" in service["security_opt"], name


def test_services_wait_for_each_other(services):
    assert services["odoo"]["depends_on"]["db"]["condition"] == "service_healthy"
    assert services["proxy"]["depends_on"]["odoo"]["condition"] == "service_healthy"


def test_health_check_asks_odoos_own_port(services, options):
    asked = " ".join(services["odoo"]["healthcheck"]["test"])
    url = urlsplit(re.search(r"'(http://[^']+)'", asked).group(1))
    assert url.port == int(options["http_port"])
    assert url.path == "/web/health"
    assert asked.split("-c ")[1] in " ".join(arguments_of("HEALTHCHECK"))


def test_only_the_proxy_is_reached_from_outside(compose, services):
    assert [name for name, service in services.items() if service.get("ports")] == ["proxy"]
    assert compose["networks"]["inside"]["internal"] is True
    for name in ("db", "odoo"):
        assert services[name]["networks"] == ["inside"]


def test_what_must_last_lies_in_volumes(compose, services, options):
    mounted = {
        entry.split(":")[1]: entry.split(":")[0]
        for service in services.values()
        for entry in service["volumes"]
        if not entry.startswith(".")
    }
    assert set(mounted.values()) == set(compose["volumes"])
    assert options["data_dir"] in mounted
    assert "/var/lib/postgresql/data" in mounted


def test_mounted_files_exist(services):
    for service in services.values():
        for entry in service["volumes"]:
            if entry.startswith("."):
                assert (DOCKER / entry.split(":")[0]).is_file(), entry


def test_database_is_utf_8(services):
    arguments = services["db"]["environment"]["POSTGRES_INITDB_ARGS"]
    assert "--encoding=UTF8" in arguments
    assert re.search(r"--(locale|lc-ctype)=\S*UTF-8", arguments)


def test_connections_suffice(services, options):
    allowed = int(
        next(
            word for word in services["db"]["command"] if word.startswith("max_connections=")
        ).split("=")[1]
    )
    processes = int(options["workers"]) + int(options["max_cron_threads"])
    asked = processes * int(options["db_maxconn"]) + int(options["db_maxconn_gevent"])
    assert asked < allowed


# --- secrets --------------------------------------------------------------------------------------


def test_secrets_are_files_that_git_ignores(compose, services):
    used = {name for service in services.values() for name in service.get("secrets", [])}
    assert used == set(compose["secrets"])
    for secret in compose["secrets"].values():
        path = (DOCKER / secret["file"]).resolve()
        done = subprocess.run(["git", "check-ignore", "-q", str(path)], cwd=ROOT, check=False)
        assert done.returncode == 0, f"{path} could be committed"
        assert path not in tracked_files()


def test_no_password_is_written_down(services, options):
    for service in services.values():
        for key, value in service.get("environment", {}).items():
            if "PASSWORD" in key:
                assert key.endswith("PASSWORD_FILE")
                assert value.startswith("/run/secrets/")
    assert not {"admin_passwd", "db_password"} & set(options)


def test_database_and_odoo_share_one_secret(services):
    database, odoo = services["db"]["environment"], services["odoo"]["environment"]
    assert database["POSTGRES_PASSWORD_FILE"] == odoo["PASSWORD_FILE"]
    assert database["POSTGRES_USER"] == odoo["USER"]
    assert odoo["HOST"] == "db"


# --- the proxy ------------------------------------------------------------------------------------


def test_upstreams_are_odoos_ports(http, options, services):
    assert "odoo" in services
    web = http.one("upstream", "odoo").one("server").arguments
    websocket = http.one("upstream", "odoo_websocket").one("server").arguments
    assert web == [f"odoo:{options['http_port']}"]
    assert websocket == [f"odoo:{options['gevent_port']}"]


def test_odoo_trusts_the_proxy_and_the_proxy_tells_the_truth(http, options):
    assert options["proxy_mode"] == "True"
    headers = {d.arguments[0]: d.arguments[1] for d in http.all("proxy_set_header")}
    assert headers["Host"] == "$host"
    assert headers["X-Forwarded-Host"] == "$http_host"
    assert headers["X-Forwarded-Proto"] == "$scheme"
    assert headers["X-Forwarded-For"] == "$remote_addr", "what a client sends must not count"


def test_no_location_loses_the_headers(http):
    """One proxy_set_header inside a location would switch all inherited ones off."""
    for parent, directive in http.walk():
        if directive.name == "proxy_set_header":
            assert parent is http


def test_websocket_is_upgraded_and_goes_to_the_gevent_port(http, secure):
    headers = {d.arguments[0]: d.arguments[1] for d in http.all("proxy_set_header")}
    assert headers["Upgrade"] == "$http_upgrade"
    assert headers["Connection"] == "$connection_upgrade"
    upgrade = http.one("map", "$http_upgrade", "$connection_upgrade")
    assert upgrade.one("default").arguments == ["upgrade"]
    assert http.one("proxy_http_version").arguments == ["1.1"]
    assert secure.one("location", "/websocket").one("proxy_pass").arguments == [
        "http://odoo_websocket"
    ]


def test_everything_else_goes_to_odoo_over_https(plain, secure):
    assert secure.one("location", "/").one("proxy_pass").arguments == ["http://odoo"]
    assert plain.one("location", "/").one("return").arguments[0] == "301"


@pytest.mark.parametrize("side", ["plain", "secure"])
def test_tracker_addresses_are_never_redirected_or_refused(side, request):
    server = request.getfixturevalue(side)
    location = server.one("location", "/field/track")
    assert location.one("proxy_pass").arguments == ["http://odoo"]
    assert not location.all("return")
    assert not location.all("limit_req"), "429 makes the apps block"
    *codes, status, target = location.one("error_page").arguments
    assert {"413", "502", "504"} <= set(codes)
    assert status == "=503"
    assert server.one("location", target).one("return").arguments == ["503"]
    assert not server.all("return"), "a return of the server would come first"
    assert not server.all("rewrite")


def test_a_photo_fits_and_a_flood_does_not(secure):
    def megabytes(block):
        return int(block.one("client_max_body_size").arguments[0].removesuffix("m"))

    assert 15 < megabytes(secure.one("location", "/field/api/")) <= 32
    assert megabytes(secure) >= 64


def test_the_phones_api_answers_in_json_when_odoo_is_away(secure):
    pages = {d.arguments[-1] for d in secure.one("location", "/field/api/").all("error_page")}
    for name in pages:
        target = secure.one("location", name)
        assert target.one("default_type").arguments == ["application/json"]
        assert target.one("return").arguments[1].startswith('{"error": {"code": ')


def test_tokens_stay_out_of_the_log(http):
    assert "$logged_uri" in " ".join(http.one("log_format", "field").arguments)
    assert http.one("access_log").arguments[1] == "field"
    text = " ".join(http.one("log_format", "field").arguments)
    assert not re.search(r"\$(request|request_uri|uri|args|query_string|http_referer)\b", text)
    shown = http.one("map", "$request_uri", "$logged_uri")
    rules = [(child.name, child.arguments[0]) for child in shown.children]
    assert _logged(rules, "/field/track/s3cret?lat=1") == "/field/track/(hidden)"
    assert _logged(rules, "/field/track?id=s3cret") == "/field/track?(hidden)"
    assert _logged(rules, "/web/login") == "/web/login"


@pytest.mark.parametrize("side", ["plain", "secure"])
def test_the_error_log_quotes_no_tracker_address(side, request):
    location = request.getfixturevalue(side).one("location", "/field/track")
    assert location.one("error_log").arguments == ["/dev/null"]


def _logged(rules, uri):
    """What nginx makes of a map of regular expressions: the first that fits."""
    for pattern, value in rules:
        found = pattern.startswith("~") and re.search(pattern[1:].replace("(?<", "(?P<"), uri)
        if found:
            return string.Template(value).substitute(found.groupdict())
    return uri


def test_logins_are_slowed_down(http, secure):
    zone = http.one("limit_req_zone")
    assert "zone=login:10m" in zone.arguments
    for path in ("/web/login", "/field/api/v1/enrol"):
        assert "zone=login" in secure.one("location", "=", path).one("limit_req").arguments


def test_nginx_itself_accepts_the_file(tmp_path):
    nginx = shutil.which("nginx")
    if not nginx:
        pytest.skip("nginx is not installed: only our own reader looked at nginx.conf")
    assert_nginx_accepts(nginx, tmp_path)


def assert_nginx_accepts(nginx, folder):
    """Run `nginx -t` on a copy whose names and files exist on this machine."""
    certificate = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=test"]
    certificate += ["-keyout", str(folder / "tls.key"), "-out", str(folder / "tls.crt")]
    subprocess.run(certificate, check=True, capture_output=True)
    (folder / "mime.types").write_text("types { text/html html; }")
    text = (DOCKER / "nginx.conf").read_text()
    text = text.replace("/run/secrets/", f"{folder}/").replace("server odoo:", "server 127.0.0.1:")
    text = text.replace("/etc/nginx/mime.types", f"{folder}/mime.types")
    text = text.replace("/run/nginx.pid", f"{folder}/nginx.pid")
    for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"):
        text = text.replace("http {", f"http {{\n    {kind}_temp_path {folder}/{kind};", 1)
    version = subprocess.run([nginx, "-v"], capture_output=True, text=True, check=True).stderr
    if tuple(map(int, re.search(r"(\d+)\.(\d+)\.", version).groups())) < (1, 25):
        text = text.replace("http2 on;", "")
    (folder / "nginx.conf").write_text(text)
    command = [nginx, "-t", "-q", "-p", str(folder), "-c", str(folder / "nginx.conf")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


# --- odoo.conf ------------------------------------------------------------------------------------


def test_configuration_is_meant_for_production(options):
    assert int(options["workers"]) >= 2, "printing asks the server for its own pages"
    assert options["list_db"] == "False"
    assert options["dbfilter"]
    assert options["with_demo"] == "False"
    assert options["http_interface"]
    assert int(options["limit_memory_soft"]) < int(options["limit_memory_hard"])
    assert int(options["limit_time_cpu"]) <= int(options["limit_time_real"])
    assert "werkzeug:WARNING" in options["log_handler"], "request lines hold tracker tokens"
