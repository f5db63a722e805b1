import pytest

from orchestration.cli import main


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["publish-everything"],
        ["run", "--as-of", "yesterday"],
        ["sample"],
        ["sample", "somewhere", "--dealers", "0"],
        ["sample", "somewhere", "--start", "May"],
        ["quarantine", "--feed", "dealer__dreams"],
        ["run", "--extracts", "no/such/folder"],
    ],
)
def test_wrong_usage_ends_with_64_and_says_why(arguments, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 64
    assert capsys.readouterr().err.strip()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("command", ["run", "sample", "status", "quarantine"])
def test_every_command_explains_itself(command, capsys):
    assert main([command, "--help"]) == 0
    assert "--json" in capsys.readouterr().out


def test_sample_does_not_write_into_a_folder_that_holds_something(capsys, tmp_path):
    (tmp_path / "keep.txt").write_text("mine")
    assert main(["sample", str(tmp_path)]) == 64
    assert "is not empty" in capsys.readouterr().err
