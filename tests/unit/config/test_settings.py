"""A setting that is malformed or unsafe stops the start with a sentence that names it."""

import pytest

import config


def test_without_any_setting_everything_is_in_the_data_directory(tmp_path):
    settings = config.load(tmp_path, environ={})
    assert settings.registry_url == f"sqlite:///{tmp_path}/registry.db"
    assert settings.identity_url == f"sqlite:///{tmp_path}/identity.db"
    assert settings.keys_dir == tmp_path / "keys"


def test_the_environment_wins_over_the_file(tmp_path):
    (tmp_path / ".env").write_text("REGISTRY_LOCALE=en\nREGISTRY_DATABASE_URL=postgresql://a/b\n")
    settings = config.load(tmp_path, environ={"REGISTRY_LOCALE": "fr"})
    assert settings.default_locale == "fr"
    assert settings.registry_url == "postgresql+psycopg://a/b"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REGISTRY_DATABASE_URL", "mysql://a/b"),
        ("REGISTRY_IDENTITY_URL", "nonsense"),
        ("REGISTRY_LOCALE", "de"),
        ("REGISTRY_PUBLIC_URL", "ftp://registry.example"),
        ("REGISTRY_PUBLIC_URL", "http://registry.example"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(tmp_path, name, value):
    with pytest.raises(config.SettingError, match=name):
        config.load(tmp_path, environ={name: value})


def test_one_database_for_both_is_refused(tmp_path):
    url = "postgresql://host/one"
    environ = {"REGISTRY_DATABASE_URL": url, "REGISTRY_IDENTITY_URL": url}
    with pytest.raises(config.SettingError, match="two databases"):
        config.load(tmp_path, environ=environ)


def test_a_demonstration_never_uses_a_database_from_outside(tmp_path):
    environ = {"REGISTRY_DATABASE_URL": "postgresql://host/production"}
    own = config.load(tmp_path, environ=environ).on_own_files()
    assert own.registry_url.startswith(f"sqlite:///{tmp_path}")
