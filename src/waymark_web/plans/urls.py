"""Addresses of the register."""

from __future__ import annotations

from django.urls import path

from waymark_web.plans import calendars, desk, lists, pages, paid, work

urlpatterns = [
    path("register/", lists.register, name="register"),
    path("commitments/", lists.commitments, name="commitments"),
    path("commitment/<slug:slug>/", pages.commitment, name="commitment"),
    path("commitment/<slug:slug>/money/", paid.commitment_money, name="commitment-money"),
    path("rates/", paid.rates, name="rates"),
    path("view/<slug:slug>/", lists.saved_view, name="saved-view"),
    path("plans/", lists.plans, name="plans"),
    path("plan/<slug:slug>/", pages.plan, name="plan"),
    path("actors/", lists.actors, name="actors"),
    path("actor/<slug:slug>/", pages.actor, name="actor"),
    path("actor/<slug:slug>/calendar.ics", calendars.actor_calendar, name="actor-calendar"),
    path("place/<str:place>/calendar.ics", calendars.place_calendar, name="place-calendar"),
    path("forums/", pages.forums, name="forums"),
    path("forum/<slug:forum>/", pages.forum, name="forum"),
    path("practices/", lists.practices, name="practices"),
    path("practice/<slug:slug>/", pages.practice, name="practice"),
    path("mandates/", lists.mandates, name="mandates"),
    path("roles/", lists.empty_roles, name="roles"),
    path("compare/", pages.compare, name="compare"),
    path("file/<int:pk>/", pages.attachment, name="attachment"),
    path("work/", work.work, name="work"),
    path("work/new/<slug:kind>/", work.new, name="new"),
    path("work/edit/<slug:kind>/<slug:slug>/", work.edit, name="edit"),
    path("work/many/", desk.edit_many, name="edit-many"),
    path("work/view/", desk.save_view, name="save-view"),
    path("work/version/<int:pk>/", work.version, name="version"),
    path("work/version/<int:pk>/move/", work.move, name="move"),
    path("work/version/<int:pk>/compare/", work.compare_version, name="compare-version"),
    path("work/version/<int:pk>/comment/", work.comment, name="comment"),
    path("work/version/<int:pk>/discard/", work.discard, name="discard"),
    path("work/version/<int:pk>/attach/", desk.attach, name="attach"),
    path("work/version/<int:pk>/file/<int:file>/", desk.file, name="version-file"),
    path("work/version/<int:pk>/file/<int:file>/remove/", desk.detach, name="detach"),
    path("work/history/<slug:kind>/<slug:slug>/", desk.history, name="history"),
    path("work/bring-back/<int:number>/", desk.bring_back, name="bring-back"),
]
