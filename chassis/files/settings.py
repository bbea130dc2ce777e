"""What every service that takes files is told of them."""

from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, model_validator

from chassis.settings import Count, DurationSeconds, ServiceSettings, shared


class FileSettings(ServiceSettings):
    """Where files are kept, and how large they may be."""

    files_folder: Path | None = Field(
        None,
        validation_alias=shared("files_folder"),
        description="The folder of files, a folder in it for each service. Not used with FILES_S3_BUCKET.",
    )
    files_s3_bucket: str | None = Field(
        None,
        validation_alias=shared("files_s3_bucket"),
        description="Keep files in this bucket of S3 or of what speaks like it, instead of in a folder.",
    )
    files_s3_endpoint: str | None = Field(
        None,
        validation_alias=shared("files_s3_endpoint"),
        description="Where the bucket is, for example https://s3.example:9000; without one, Amazon's.",
    )
    files_s3_region: str = Field(
        "us-east-1", validation_alias=shared("files_s3_region"), description="The bucket's region."
    )
    files_s3_access_key_id: str | None = Field(
        None, validation_alias=shared("files_s3_access_key_id"), description="Who opens the bucket."
    )
    files_s3_secret_access_key: SecretStr | None = Field(
        None, validation_alias=shared("files_s3_secret_access_key"), description="The secret of that key."
    )
    file_storage_seconds: DurationSeconds = Field(
        30, description="Keeping or fetching one file's content is given up after this."
    )
    file_max_bytes: Count = Field(10_485_760, description="Larger files are refused.")
    file_name_max_characters: Count = Field(120, description="Longest name of a file.")
    file_daily_max_bytes: Count = Field(
        268_435_456, description="What one member may add in a union within a day."
    )
    file_link_seconds: DurationSeconds = Field(
        3_600, description="A link to a file's content works for at least this, and at most twice as long."
    )
    file_unreferenced_seconds: DurationSeconds = Field(
        86_400, description="Content that nothing refers to any more is gone after this."
    )
    image_pixels_max_count: Count = Field(50_000_000, description="Images with more are refused unopened.")
    image_side_pixels_max_count: Count = Field(2_560, description="Larger images are made smaller.")
    images_at_once_max_count: Count = Field(2, description="Images that a process reads at the same time.")

    @model_validator(mode="after")
    def files_have_their_place(self) -> Self:
        if not self.files_s3_bucket and self.files_folder is None:
            raise ValueError("FILES_FOLDER or FILES_S3_BUCKET has to say where files are kept")
        if self.files_s3_bucket and not (self.files_s3_access_key_id and self.files_s3_secret_access_key):
            raise ValueError(
                "FILES_S3_BUCKET needs FILES_S3_ACCESS_KEY_ID and FILES_S3_SECRET_ACCESS_KEY besides"
            )
        return self
