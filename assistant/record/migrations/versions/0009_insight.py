"""What is learnt from the log: surveys, views, experiments, opinions, alerts, figures; and what events and ratings say more."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)
_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    _create_surveys()
    _widen_what_is_there()
    _create_gaps()
    _create_experiments()
    _create_opinions()
    _create_figures()
    _score_what_is_there()


def _widen_what_is_there() -> None:
    op.add_column("sessions", sa.Column("mark", sa.Text(), nullable=True))
    op.create_index("ix_sessions_started_at", "sessions", ["started_at"])
    for column in (
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("price_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("propensity", sa.Double(), nullable=True),
        sa.Column("team", sa.Text(), nullable=True),
    ):
        op.add_column("impressions", column)
    with op.batch_alter_table("events") as events:
        for column in (
            sa.Column("key", sa.Text(), nullable=True),
            sa.Column("quantity", sa.Integer(), nullable=True),
            sa.Column("amount_minor", sa.BigInteger(), nullable=True),
            sa.Column("currency", sa.Text(), nullable=True),
            sa.Column("dwell_ms", sa.Integer(), nullable=True),
            sa.Column("source", sa.Text(), nullable=True),
            sa.Column("mark", sa.Text(), nullable=True),
            sa.Column("signed", sa.Boolean(), nullable=True),
            sa.Column("happened_at", _MOMENT, nullable=True),
        ):
            events.add_column(column)
        events.create_unique_constraint("uq_events_key", ["key"])
    with op.batch_alter_table("ratings") as ratings:
        for column in (
            sa.Column("offer_id", sa.Text(), nullable=True),
            sa.Column("score", sa.Double(), nullable=True),
            sa.Column("subject", sa.Text(), nullable=True),
            sa.Column("source", sa.Text(), nullable=True),
            sa.Column("locale", sa.Text(), nullable=True),
            sa.Column("key", sa.Text(), nullable=True),
        ):
            ratings.add_column(column)
        ratings.alter_column("turn_id", existing_type=sa.Text(), nullable=True)
        ratings.create_foreign_key("fk_ratings_offer_id", "survey_offers", ["offer_id"], ["id"])
        ratings.create_unique_constraint("uq_ratings_key", ["key"])
        ratings.create_index("ix_ratings_offer_id", ["offer_id"])


def _score_what_is_there() -> None:
    """Stars as a share of their scale; and every session is new to the figures."""
    op.execute("UPDATE ratings SET score = (number - 1) / 4.0 WHERE number IS NOT NULL")
    op.execute("UPDATE ratings SET subject = 'agent' WHERE CAST(reasons AS TEXT) LIKE '%\"agent\"%'")
    op.execute("INSERT INTO insight_changes (session_id) SELECT id FROM sessions")


def _create_surveys() -> None:
    op.create_table(
        "surveys",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("data", _JSON, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_surveys"),
    )
    op.create_table(
        "survey_offers",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("survey_id", sa.Text(), nullable=False),
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("turn_id", sa.Text(), nullable=False),
        sa.Column("shopper_id", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("trigger", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("agent_id", sa.Text(), nullable=True),
        sa.Column("at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["surveys.id"], name="fk_survey_offers_survey_id"),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name="fk_survey_offers_session_id"),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name="fk_survey_offers_turn_id"),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name="fk_survey_offers_agent_id"),
        sa.PrimaryKeyConstraint("id", name="pk_survey_offers"),
    )
    op.create_index("ix_survey_offers_session_id", "survey_offers", ["session_id"])
    op.create_index("ix_survey_offers_shopper_id", "survey_offers", ["shopper_id"])
    op.create_table(
        "survey_skips",
        sa.Column("offer_id", sa.Text(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["offer_id"], ["survey_offers.id"], name="fk_survey_skips_offer_id"),
        sa.PrimaryKeyConstraint("offer_id", name="pk_survey_skips"),
    )
    op.create_table(
        "views",
        sa.Column("turn_id", sa.Text(), nullable=False),
        sa.Column("product_id", sa.Text(), nullable=False),
        sa.Column("visible_ms", sa.Integer(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name="fk_views_turn_id"),
        sa.PrimaryKeyConstraint("turn_id", "product_id", name="pk_views"),
    )


def _create_gaps() -> None:
    op.create_table(
        "gaps",
        sa.Column("id", _COUNTER, nullable=False),
        sa.Column("turn_id", sa.Text(), nullable=False),
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("wanted", sa.Text(), nullable=False),
        sa.Column("thing", sa.Text(), nullable=False),
        sa.Column("product_id", sa.Text(), nullable=True),
        sa.Column("failed", _JSON, nullable=True),
        sa.Column("missed_minor", sa.BigInteger(), nullable=True),
        sa.Column("states", sa.Text(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name="fk_gaps_turn_id"),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name="fk_gaps_session_id"),
        sa.PrimaryKeyConstraint("id", name="pk_gaps"),
    )
    op.create_index("ix_gaps_session_id", "gaps", ["session_id"])
    op.create_index("ix_gaps_day", "gaps", ["day", "who", "kind", "key", "session_id"])
    op.create_table(
        "insight_traits",
        sa.Column("facts_id", _COUNTER, autoincrement=False, nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("kinds", sa.Text(), nullable=False),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("wait_ms", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("facts_id", name="pk_insight_traits"),
    )


def _create_experiments() -> None:
    op.create_table(
        "experiments",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("plan", _JSON, nullable=False),
        sa.Column("agent_id", sa.Text(), nullable=True),
        sa.Column("at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name="fk_experiments_agent_id"),
        sa.PrimaryKeyConstraint("id", name="pk_experiments"),
    )
    op.create_table(
        "experiment_events",
        sa.Column("id", _COUNTER, nullable=False),
        sa.Column("experiment_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("data", _JSON, nullable=False),
        sa.Column("agent_id", sa.Text(), nullable=True),
        sa.Column("at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["experiment_id"], ["experiments.id"], name="fk_experiment_events_experiment_id"),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name="fk_experiment_events_agent_id"),
        sa.PrimaryKeyConstraint("id", name="pk_experiment_events"),
    )
    op.create_index("ix_experiment_events_experiment_id", "experiment_events", ["experiment_id"])
    op.create_table(
        "exposures",
        sa.Column("id", _COUNTER, nullable=False),
        sa.Column("experiment_id", sa.Text(), nullable=False),
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("turn_id", sa.Text(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("arm", sa.Text(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["experiment_id"], ["experiments.id"], name="fk_exposures_experiment_id"),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name="fk_exposures_session_id"),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name="fk_exposures_turn_id"),
        sa.PrimaryKeyConstraint("id", name="pk_exposures"),
        sa.UniqueConstraint("experiment_id", "session_id", name="uq_exposures_experiment_id_session_id"),
    )
    op.create_index("ix_exposures_session_id", "exposures", ["session_id"])
    op.create_index("ix_exposures_unit", "exposures", ["unit"])


def _create_opinions() -> None:
    op.create_table(
        "opinions",
        sa.Column("id", _COUNTER, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("sentence", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Text(), nullable=True),
        sa.Column("product_id", sa.Text(), nullable=True),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("aspect", sa.Text(), nullable=False),
        sa.Column("polarity", sa.Double(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name="fk_opinions_session_id"),
        sa.PrimaryKeyConstraint("id", name="pk_opinions"),
        sa.UniqueConstraint("source", "source_id", "aspect", "sentence", name="uq_opinions_source_source_id_aspect_sentence"),
    )
    op.create_index("ix_opinions_session_id", "opinions", ["session_id"])
    op.create_index("ix_opinions_product_id", "opinions", ["product_id"])
    op.create_index(
        "ix_opinions_day", "opinions", ["day", "who", "aspect", "product_id", "locale", "source", "polarity"]
    )
    op.create_index("ix_turns_started_at", "turns", ["started_at"])
    op.create_table(
        "insight_marks",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("mark", _JSON, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_insight_marks"),
    )
    op.create_table(
        "insight_watched",
        sa.Column("hour", sa.Text(), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("trials", sa.Integer(), nullable=False),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("hour", "series", name="pk_insight_watched"),
    )
    op.create_table(
        "alerts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("data", _JSON, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_alerts"),
        sa.UniqueConstraint("key", name="uq_alerts_key"),
    )
    op.create_index("ix_alerts_rule", "alerts", ["rule"])
    op.create_table(
        "alert_events",
        sa.Column("id", _COUNTER, nullable=False),
        sa.Column("alert_id", sa.Text(), nullable=True),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("data", _JSON, nullable=False),
        sa.Column("agent_id", sa.Text(), nullable=True),
        sa.Column("at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name="fk_alert_events_alert_id"),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name="fk_alert_events_agent_id"),
        sa.PrimaryKeyConstraint("id", name="pk_alert_events"),
    )
    op.create_index("ix_alert_events_alert_id", "alert_events", ["alert_id"])
    op.create_table(
        "deliveries",
        sa.Column("id", _COUNTER, nullable=False),
        sa.Column("alert_id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name="fk_deliveries_alert_id"),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
    )
    op.create_index("ix_deliveries_alert_id", "deliveries", ["alert_id"])
    op.create_index("ix_deliveries_next_at", "deliveries", ["next_at"])


_COUNTED = (
    "conversations", "with_slate", "with_click", "with_cart", "with_purchase", "turns", "slates", "failed_turns",
    "no_match", "handoffs", "revenue_minor", "offered", "answered", "rated", "satisfied", "score_micro",
    "score_square_micro", "agent_rated", "agent_satisfied", "agent_score_micro", "agent_score_square_micro", "nps_rated",
    "promoters", "detractors", "thumbs_up", "thumbs_down", "impressions", "views", "clicks", "carts", "purchases",
)


def _counted():
    return [
        sa.Column(name, sa.BigInteger() if name.endswith(("_minor", "_micro")) else sa.Integer(), nullable=False)
        for name in _COUNTED
    ]


def _create_figures() -> None:
    op.create_table(
        "insight_changes",
        sa.Column("id", _COUNTER, nullable=False),
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_insight_changes"),
    )
    state = op.create_table(
        "insight_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("building", sa.Integer(), nullable=True),
        sa.Column("kept_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_insight_state"),
    )
    op.bulk_insert(state, [{"id": 1, "generation": 1}])
    op.create_table(
        "insight_sessions",
        sa.Column("id", _COUNTER, nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("started_at", _MOMENT, nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("versions_id", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        *_counted(),
        sa.PrimaryKeyConstraint("id", name="pk_insight_sessions"),
        sa.UniqueConstraint("session_id", "generation", name="uq_insight_sessions_session_id_generation"),
    )
    op.create_index(
        "ix_insight_sessions_newest", "insight_sessions", ["generation", "day", "started_at", "session_id"]
    )
    op.create_index(
        "ix_insight_sessions_strata", "insight_sessions",
        ["generation", "day", "who", "locale", "with_purchase", "with_click", "handoffs", "turns", "rated", "satisfied",
         "score_micro"],
    )
    op.create_table(
        "insight_items",
        sa.Column("facts_id", _COUNTER, autoincrement=False, nullable=False),
        sa.Column("product_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("impressions", sa.Integer(), nullable=False),
        sa.Column("views", sa.Integer(), nullable=False),
        sa.Column("clicks", sa.Integer(), nullable=False),
        sa.Column("carts", sa.Integer(), nullable=False),
        sa.Column("purchases", sa.Integer(), nullable=False),
        sa.Column("revenue_minor", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("facts_id", "product_id", "position", name="pk_insight_items"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_insight_items_product", "insight_items", ["product_id", "facts_id"])
    op.create_table(
        "insight_groups",
        sa.Column("id", _COUNTER, nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("versions_id", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("arm", sa.Text(), nullable=False),
        *_counted(),
        sa.PrimaryKeyConstraint("id", name="pk_insight_groups"),
        sa.UniqueConstraint(
            "generation", "period", "locale", "versions_id", "category", "who", "arm", name="uq_insight_groups"
        ),
    )
    op.create_table(
        "insight_memberships",
        sa.Column("group_id", _COUNTER, autoincrement=False, nullable=False),
        sa.Column("facts_id", _COUNTER, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("group_id", "facts_id", name="pk_insight_memberships"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_insight_memberships_facts_id", "insight_memberships", ["facts_id"])
    op.create_table(
        "insight_products",
        sa.Column("group_id", _COUNTER, autoincrement=False, nullable=False),
        sa.Column("product_id", sa.Text(), nullable=False),
        *_counted(),
        sa.PrimaryKeyConstraint("group_id", "product_id", name="pk_insight_products"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "insight_positions",
        sa.Column("group_id", _COUNTER, autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        *_counted(),
        sa.PrimaryKeyConstraint("group_id", "position", name="pk_insight_positions"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    raise NotImplementedError("the record is append-only: restore a backup instead")
