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


TOKEN = {
    "REGISTRY_PKCS11_MODULE": "/usr/lib/token.so",
    "REGISTRY_PKCS11_TOKEN": "registry",
    "REGISTRY_PKCS11_KEY": "vault",
}


def test_a_token_needs_all_of_its_settings(tmp_path):
    for name in TOKEN:
        environ = {**TOKEN, "REGISTRY_PKCS11_PIN": "1234", name: ""}
        with pytest.raises(config.SettingError, match=name):
            config.load(tmp_path, environ=environ)
    with pytest.raises(config.SettingError, match="REGISTRY_PKCS11_PIN"):
        config.load(tmp_path, environ=TOKEN)


def test_a_pin_is_read_from_a_file_of_its_owner_alone(tmp_path):
    pin = tmp_path / "pin"
    pin.write_text("1234\n")
    pin.chmod(0o644)
    environ = {**TOKEN, "REGISTRY_PKCS11_PIN_FILE": str(pin)}
    with pytest.raises(config.SettingError, match="owner alone"):
        config.load(tmp_path, environ=environ)
    pin.chmod(0o600)
    found = config.load(tmp_path, environ=environ)
    assert found.token_key.pin == "1234"
    assert "1234" not in repr(found)


def test_keys_come_from_one_place(tmp_path):
    environ = {**TOKEN, "REGISTRY_PKCS11_PIN": "1234", "REGISTRY_VAULT_KEYS": "e30="}
    with pytest.raises(config.SettingError, match="both"):
        config.load(tmp_path, environ=environ)


def test_settings_do_not_show_the_keys_they_hold(tmp_path):
    found = config.load(tmp_path, environ={"REGISTRY_VAULT_KEYS": "c2VjcmV0"})
    assert "c2VjcmV0" not in repr(found)


@pytest.mark.parametrize(
    ("environ", "address"),
    [
        ({}, "http://127.0.0.1:8124"),
        ({"REGISTRY_PUBLIC_URL": "https://registry.example"}, "https://registry.example"),
    ],
)
def test_links_lead_to_the_port_that_is_served_unless_an_address_was_set(
    tmp_path, environ, address
):
    assert config.load(tmp_path, environ=environ).served_on(8124).public_url == address
