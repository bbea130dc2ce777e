"""The settings of the graph service."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from chassis.settings import Count, DurationMs, DurationSeconds, ServiceSettings


class GraphSettings(ServiceSettings):
    """Read from the environment with the prefix GRAPH_."""

    model_config = SettingsConfigDict(env_prefix="GRAPH_")

    backlinks_per_supporter_max_count: int = Field(
        1_000, ge=1, le=1_000, description="Backlinks of one member in one union; also of one confirmation."
    )
    import_rows_max_count: int = Field(
        100_000, ge=1, le=1_000_000, description="Rows of one import of who follows whom."
    )
    request_body_max_bytes: Count = Field(
        16_777_216, description="Larger request bodies are refused; an import of 100,000 rows has 8 MB."
    )
    import_examples_max_count: int = Field(
        10, ge=0, le=100, description="Refused rows that an import's report tells of each reason."
    )
    proposal_kept_seconds: DurationSeconds = Field(
        30 * 86_400, description="A proposed backlink that nobody confirmed is gone after this."
    )
    standing_damping_basis_points: int = Field(
        8_500, ge=1_000, le=9_900, description="The share of standing that is passed on along backlinks."
    )
    standing_epoch_seconds: DurationSeconds = Field(
        2, description="Standing is published anew at most this often."
    )
    standing_epochs_kept_count: Count = Field(8, description="Epochs whose standings are kept.")
    engine_poll_ms: DurationMs = Field(250, description="Pause between looks for others' changes.")
    engine_unions_max_count: Count = Field(256, description="Unions held in memory; others are put out.")
    engine_changes_batch_max_count: Count = Field(5_000, description="Changes replayed in one step.")
    tree_members_default_count: int = Field(60, ge=1, description="Members drawn of a branch by default.")
    tree_members_max_count: int = Field(500, ge=1, description="Members drawn of a branch at most.")
    tree_leaders_max_count: Count = Field(24, description="Trees drawn in the picture of a union at most.")
    tree_depth_max_count: int = Field(12, ge=1, le=50, description="Levels drawn of a branch at most.")
    explanation_backlinks_max_count: Count = Field(
        100, description="Backlinks told singly in an explanation; the rest are summed."
    )
