"""What the environment says about where things are."""

from collections.abc import Mapping
from dataclasses import dataclass

B3_BASE_URL = "https://bvmf.bmfbovespa.com.br/InstDados/SerHist"
B3_LISTED_URL = "https://sistemaswebb3-listados.b3.com.br"


class SettingsError(Exception):
    """The environment does not say what is needed, or contradicts itself."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the lake is and where the sources are."""

    target: str
    bucket: str
    schema: str
    workgroup: str
    region: str
    b3_base_url: str
    b3_listed_url: str


def from_environment(environment: Mapping[str, str]) -> Settings:
    """The settings in `environment`.

    Raises SettingsError when the target is not `local` and no bucket is named: in a real account a bucket's
    name is never guessed.
    """
    target = environment.get("FINLAKE_TARGET") or "local"
    bucket = environment.get("FINLAKE_BUCKET") or ("finlake-local" if target == "local" else "")
    if not bucket:
        raise SettingsError(
            f"FINLAKE_TARGET is '{target}', so FINLAKE_BUCKET has to name the lake's bucket. Set it."
        )
    return Settings(
        target=target,
        bucket=bucket,
        schema=environment.get("FINLAKE_SCHEMA") or "finlake",
        workgroup=environment.get("FINLAKE_WORKGROUP") or "primary",
        region=environment.get("AWS_DEFAULT_REGION") or "sa-east-1",
        b3_base_url=(environment.get("FINLAKE_B3_BASE_URL") or B3_BASE_URL).rstrip("/"),
        b3_listed_url=(environment.get("FINLAKE_B3_LISTED_URL") or B3_LISTED_URL).rstrip("/"),
    )
