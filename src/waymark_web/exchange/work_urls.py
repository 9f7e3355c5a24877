"""Addresses at which people bring something in or take it along, below a language."""

from __future__ import annotations

from django.urls import path

from waymark_web.exchange import iati, pledge_lists, preview, workbooks

urlpatterns = [
    path("iati/", iati.iati, name="iati"),
    path("work/workbook/", workbooks.workbook, name="workbook"),
    path("work/workbook/rows.xlsx", workbooks.workbook_file, name="workbook-file"),
    path("work/pledge-list/", pledge_lists.pledge_list, name="pledge-list"),
    path("work/pledge-list/<slug:token>/", pledge_lists.pledge_columns, name="pledge-columns"),
    path("work/incoming/<slug:token>/", preview.incoming, name="incoming"),
]
