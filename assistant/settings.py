"""Everything that can be set, read once from the environment. No other module reads it."""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

CUSTOMER_SECRET_CHARS = 32  # at least: as many bytes as HS256 makes


def _long_or_none(secret: str) -> str:
    if secret and len(secret) < CUSTOMER_SECRET_CHARS:
        raise ValueError(f"must have {CUSTOMER_SECRET_CHARS} characters at least")
    return secret


class Settings(BaseSettings):
    """One shop's settings; `AISLE_` before the upper-case name of a field is its environment variable."""

    model_config = SettingsConfigDict(env_prefix="AISLE_", frozen=True, extra="ignore", protected_namespaces=())

    home: Path = Field(Path("var"), description="folder for databases, index and model copies")
    host: str = Field("127.0.0.1", description="address to listen on")
    port: int = Field(7860, ge=1, le=65535, description="port to listen on")
    model: str = Field(
        "auto",
        description="hub id, folder, GGUF file or openai:NAME@URL[,URL...]; 'auto' is the packaged model on a CPU, "
        "Qwen/Qwen2.5-7B-Instruct in 4-bit on a GPU",
    )
    model_key: str = Field("none", description="API key for the OpenAI-compatible servers")
    fallback_model: str = Field(
        "", description="model in this process that answers while no server does: hub id, folder, GGUF file, 'packaged'"
    )
    trial_model: str = Field(
        "", description="a second model, named like AISLE_MODEL, that experiments may try; it needs its own memory"
    )
    embedder: str = Field(
        "packaged", description="'packaged' multilingual e5, or a sentence-transformers hub id or folder"
    )
    reranker: str | None = Field(
        None, description="a sentence-transformers cross-encoder, by hub id or folder, that puts the best hits in order"
    )
    catalog_url: str | None = Field(None, description="SQLAlchemy URL of the catalogue (default: SQLite in AISLE_HOME)")
    record_url: str | None = Field(None, description="SQLAlchemy URL of the record (default: SQLite in AISLE_HOME)")
    orders_url: str | None = Field(
        None, description="SQLAlchemy URL of customers and orders (default: SQLite in AISLE_HOME)"
    )
    service_rules: Path | None = Field(
        None, description="YAML file with what code allows in service (default: service.yaml in the folder of policies)"
    )
    service_agent: bool = Field(
        False,
        description="whether the model plans what is done for customers, within the same rules: for strong models; "
        "without it typed flows do",
    )
    chroma_url: str | None = Field(None, description="URL of a Chroma server (default: a folder in AISLE_HOME)")
    policies: Path | None = Field(
        None, description="folder with the shop's policies as Markdown, NAME.en.md and NAME.zh.md"
    )
    survey: Path | None = Field(
        None, description="YAML file with what shoppers are asked (default: survey.yaml in the folder of policies)"
    )
    public_url: str = Field(
        "",
        pattern=r"^(https?://\S+)?$",
        description="address under which shoppers reach this server, such as https://chat.shop.example, for links in "
        "messages",
    )
    alerts: Path | None = Field(
        None, description="YAML file with the rules of alerts (default: alerts.yaml in the folder of policies)"
    )
    smtp_url: str = Field(
        "", description="mail server of alerts and of answers to shoppers, smtp(s)://user:password@host:port"
    )
    mail_from: str = Field(
        "",
        description="address that answers are mailed from to shoppers who have left (default: the user of AISLE_SMTP_URL "
        "where that is an address); they need AISLE_PUBLIC_URL too",
    )
    alert_email: str = Field("", description="addresses that alerts are mailed to, separated by commas")
    report_to: str = Field(
        "", description="addresses that the weekly report is mailed to, separated by commas (needs AISLE_SMTP_URL)"
    )
    alert_webhook: str = Field("", description="http(s) address that alerts are posted to, signed")
    alert_secret: str = Field("", description="what posted alerts are signed with")
    shop_name: str = Field("Linden & Lark", description="the shop's name as shoppers read it")
    shop_line: str = Field("", description="one sentence under the name")
    accent: str = Field("#1f6f5c", pattern=r"^#[0-9a-fA-F]{6}$", description="the page's accent colour")
    logo: Path | None = Field(None, description="an SVG or PNG file shown beside the name")
    image_hosts: str = Field("", description="hosts that product pictures may come from, separated by spaces")
    checkout_url: str = Field(
        "",
        pattern=r"^((https?://|/)\S*\{items\}\S*)?$",
        description="the shop's checkout, with {items} for id:quantity pairs joined by commas, such as "
        "https://shop.example/cart/{items}; without it carts are downloaded as JSON",
    )
    secret: str = Field(
        "",
        description="what the tokens of turns are signed with (default: made on the first start, in AISLE_HOME/secret)",
    )
    signed_events: bool = Field(
        False, description="whether events, views and ratings are taken only with the token of their turn"
    )
    shop_origins: str = Field(
        "",
        pattern=r"^(\s*https?://[A-Za-z0-9.-]+(:\d+)?/?)*\s*$",
        description="origins of the shop's own pages that may tell of events, such as https://shop.example, by spaces",
    )
    customer_secret: Annotated[str, AfterValidator(_long_or_none)] = Field(
        "",
        description="what the shop's server signs with who its signed-in customer is (32 characters at least); without it "
        "the shop's own sign-in is not known here",
    )
    slate_size: int = Field(4, ge=1, le=12, description="products shown at once")
    variety: float = Field(
        0, ge=0, le=1, description="how unlike each other the products shown are, 0 for what fits best"
    )
    explore: float = Field(
        0,
        ge=0,
        le=1,
        description="how much chance there is between products that fit about equally well (0.05 is a little), so that "
        "other orders can be judged from the log; 0 for none",
    )
    chats: int = Field(4, ge=1, le=64, description="turns that the model answers at once")
    queue: int = Field(
        16,
        ge=0,
        description="turns that may be under way beside them, waiting for the model once their shelf is out; "
        "beyond it callers are told when to come back",
    )
    turn_timeout_s: float = Field(45, gt=0, description="seconds after which a turn goes on without the model")
    patience_s: float = Field(8, gt=0, description="seconds after which a turn asks the model nothing more")
    stall_timeout_s: float = Field(20, gt=0, description="seconds without a token after which the model is given up")

    @property
    def catalog_database(self) -> str:
        return self.catalog_url or f"sqlite:///{self.home / 'catalog.db'}"

    @property
    def record_database(self) -> str:
        return self.record_url or f"sqlite:///{self.home / 'record.db'}"

    @property
    def orders_database(self) -> str:
        return self.orders_url or f"sqlite:///{self.home / 'orders.db'}"
