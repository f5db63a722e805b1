from pathlib import Path

import pytest

from orchestration.settings import Settings, SettingsError


def test_options_win_over_the_environment_and_the_environment_over_defaults(tmp_path):
    env = {"PARTNERDW_EXTRACTS": str(tmp_path / "e"), "PARTNERDW_WAREHOUSE": str(tmp_path / "w")}
    settings = Settings.from_env(env, warehouse=tmp_path / "other")
    assert settings.extracts == tmp_path / "e"
    assert settings.warehouse == tmp_path / "other"
    assert Settings.from_env({}).extracts.parts[-2:] == ("var", "extracts")


def test_folders_are_absolute_wherever_the_command_is_started():
    assert Settings.from_env({"PARTNERDW_WAREHOUSE": "here"}).warehouse == Path.cwd() / "here"


@pytest.mark.parametrize("text", ["0", "-1", "many", "1.5"])
def test_a_limit_that_is_no_positive_number_is_named_with_its_value(text):
    with pytest.raises(SettingsError, match=f"PARTNERDW_MAX_FILE_BYTES is '{text}'"):
        Settings.from_env({"PARTNERDW_MAX_FILE_BYTES": text})


def test_named_hubs_join_the_known_ones():
    hubs = Settings.from_env({"PARTNERDW_HUB_SENDERS": "AutoHub, nord"}).hub_senders
    assert {"autohub", "nord", "dms", "oem"} <= hubs


def test_a_warehouse_path_that_duckdb_would_take_for_two_is_refused():
    with pytest.raises(SettingsError, match="comma"):
        Settings.from_env({"PARTNERDW_WAREHOUSE": "/data/north,south"})
