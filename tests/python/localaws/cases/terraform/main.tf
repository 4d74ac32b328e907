# What a project has of Athena, in small: a workgroup, a database, a table, a named query, a prepared statement.
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "name" { type = string }
variable "bucket" { type = string }
variable "cutoff" { type = number }
variable "comment" { type = string }

provider "aws" {
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
  s3_use_path_style           = true
}

resource "aws_athena_workgroup" "this" {
  name          = var.name
  description   = "Made by Terraform"
  force_destroy = true

  configuration {
    enforce_workgroup_configuration = true
    bytes_scanned_cutoff_per_query  = var.cutoff
    result_configuration {
      output_location = "s3://${var.bucket}/${var.name}/results/"
    }
  }
  tags = { domain = "tests" }
}

resource "aws_glue_catalog_database" "this" {
  name         = var.name
  description  = var.comment
  location_uri = "s3://${var.bucket}/${var.name}/"
}

resource "aws_glue_catalog_table" "this" {
  database_name = aws_glue_catalog_database.this.name
  name          = "t"
  table_type    = "EXTERNAL_TABLE"
  parameters    = { classification = "parquet" }

  partition_keys {
    name = "day"
    type = "string"
  }
  storage_descriptor {
    location      = "s3://${var.bucket}/${var.name}/t/"
    input_format  = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat"
    output_format = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat"
    ser_de_info {
      serialization_library = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
    }
    columns {
      name    = "id"
      type    = "bigint"
      comment = var.comment
    }
  }
}

resource "aws_athena_named_query" "this" {
  name        = var.name
  description = var.comment
  workgroup   = aws_athena_workgroup.this.id
  database    = aws_glue_catalog_database.this.name
  query       = "select * from t"
}

resource "aws_athena_prepared_statement" "this" {
  name            = "by_id"
  workgroup       = aws_athena_workgroup.this.id
  query_statement = "select * from t where id = ?"
}

output "query" { value = aws_athena_named_query.this.id }
