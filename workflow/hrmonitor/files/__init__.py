"""Files in and out, whatever they hold: any CSV, workbook, archive or Parquet file comes in as text with row numbers.

Out go sheets of text, tables written atomically or in parts, and checksums. Nothing here knows a questionnaire or a round, opens an
archive before measuring it, or drops a row or cell without saying so.
"""
