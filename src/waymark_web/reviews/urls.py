"""Addresses of reviews: a page, and the same review as PDF, JSON and text."""

from __future__ import annotations

from django.urls import path

from waymark_web.reviews import views

urlpatterns = [
    path("reviews/", views.reviews, name="reviews"),
    path("review/<str:place>/<str:forum>/", views.review_page, name="review"),
    path("review/<str:place>/<str:forum>/review.pdf", views.review_pdf, name="review-pdf"),
    path("review/<str:place>/<str:forum>/review.json", views.review_json, name="review-json"),
    path("review/<str:place>/<str:forum>/review.txt", views.review_text, name="review-text"),
]
