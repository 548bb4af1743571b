"""Every line of the list of attacks: the tests that prove it, or why there is nothing to attack.

The numbers are those of the list: sittings 1-18, leakage 19-26, content and uploads 27-34, imports
35-41, sign-ins and links 42-54, credentials 55-59, platform 60-70.
"""

from __future__ import annotations

from dataclasses import dataclass

IN_SCOPE = frozenset({*range(1, 35), *range(42, 50), 53, 54, *range(55, 61), *range(62, 67), 70})
LAST = 70


@dataclass(frozen=True)
class NoSurface:
    """Why an attack has nothing to act upon yet."""

    reason: str


ATTEMPTS = "tests/attacks/test_attempts.py::"
LEAKAGE = "tests/attacks/test_leakage.py::"
SESSIONS = "tests/attacks/test_sessions.py::"
CREDENTIALS = "tests/attacks/test_credentials.py::"
PLATFORM = "tests/attacks/test_platform.py::"
SITTINGS = "tests/assessment/sittings/test_service.py::"
ADAPTIVE = "tests/assessment/sittings/test_adaptive.py::"
ADAPTIVE_PAGES = "tests/assessment/sittings/test_adaptive_views.py::"
RACES = "tests/walks/test_races.py::"
CANARIES = "tests/walks/test_canaries.py::"
BROWSER = "tests/browser/test_sitting.py::"
VERIFICATION = "tests/assessment/credentials/test_verification.py::"
SHOWN = "tests/assessment/credentials/test_views.py::"
AWARDS = "tests/assessment/awards/test_service.py::"
PEOPLE = "tests/assessment/people/"
PERFORMANCES = "tests/attacks/test_performances.py::"
SHOWING = "tests/assessment/performances/test_views.py::"
WORK = "tests/assessment/performances/test_service.py::"
EVIDENCE = "tests/assessment/performances/test_evidence.py::"
RATINGS = "tests/walks/test_rating_races.py::"
APPEALS = "tests/assessment/performances/"
VOIDING = "tests/assessment/registry/test_voiding.py::"
PLACES = "tests/assessment/performances/test_places.py::"
SETTLING = "tests/assessment/performances/test_settling.py::"
BEGINNING = "tests/assessment/performances/test_beginning.py::"
OBSERVING = "tests/assessment/observations/"
FILES = "tests/assessment/artefacts/"
SEEDING = "tests/assessment/assessors/test_seeding.py::"
SUSPENDING = "tests/assessment/assessors/test_suspending.py::"
PROJECTS = "tests/assessment/projects/"

LINES: dict[int, tuple[str, ...] | NoSurface] = {
    1: (
        f"{PROJECTS}test_views.py::test_anothers_part_and_anothers_project_are_none",
        f"{PROJECTS}test_team_views.py::test_anothers_team_is_none",
        f"{PROJECTS}test_teams.py::test_anothers_invitation_is_none",
        f"{ATTEMPTS}test_line_1_another_learners_ids_are_ids_that_do_not_exist",
        f"{SITTINGS}test_nobody_answers_for_another",
        f"{ADAPTIVE}test_nobody_answers_for_another",
        "tests/assessment/audit/test_refusals.py::test_a_refused_access_is_recorded",
        f"{PERFORMANCES}test_line_1_another_learners_work_is_work_that_does_not_exist",
        f"{WORK}test_another_learners_performance_is_none",
        f"{SHOWING}test_another_learners_pages_are_none",
        f"{EVIDENCE}test_nobody_attaches_what_is_anothers",
        f"{OBSERVING}test_views.py::test_anothers_performance_has_no_observers",
    ),
    2: (
        f"{PROJECTS}test_service.py::test_another_institution_has_nothing_to_say",
        f"{ATTEMPTS}test_line_2_another_institution_reaches_nothing_by_nested_ids",
        f"{ATTEMPTS}test_line_2_a_place_outside_of_ones_own_sitting_does_not_exist",
        f"{PERFORMANCES}test_line_2_evidence_of_other_work_is_none_of_ones_own",
        f"{WORK}test_an_assessor_elsewhere_sees_nothing",
    ),
    3: (
        f"{SEEDING}test_nobody_elses_exemplar_can_be_reached",
        f"{OBSERVING}test_views.py::test_an_unknown_link_is_no_page",
        f"{ATTEMPTS}test_line_3_guessing_ids_finds_nothing_and_is_slowed_down",
        f"{SHOWN}test_guessing_is_slowed_down",
    ),
    4: (
        f"{PROJECTS}test_views.py::test_a_link_that_was_made_up_leads_nowhere",
        f"{PROJECTS}test_service.py::test_a_link_leads_to_its_own_project_alone_and_runs_out",
        f"{PROJECTS}test_teams.py::test_a_link_that_is_good_no_more_joins_nobody",
        f"{PROJECTS}test_teams.py::test_a_link_that_was_made_up_is_none",
        f"{PROJECTS}test_teams.py::test_a_mate_joins_by_the_link_once",
        "tests/walks/test_deciding_races.py::test_the_last_seat_of_a_project_goes_to_one_of_those_invited",
        f"{OBSERVING}test_views.py::test_an_unknown_link_is_no_page",
        f"{OBSERVING}test_views.py::test_a_form_that_is_sent_again_is_sent_once",
        f"{OBSERVING}test_views.py::test_a_link_that_was_taken_back_sends_nothing",
        f"{OBSERVING}test_receiving.py::test_a_link_that_ran_out_sends_nothing_until_it_is_sent_again",
        f"{OBSERVING}test_settling.py::test_forms_sent_at_once_are_one_observation_and_one_award",
        f"{OBSERVING}test_naming.py::test_a_nomination_of_other_work_is_none_of_this",
        f"{OBSERVING}test_referring.py::test_a_link_that_asks_who_saw_it_says_nothing_of_what_was_seen",
        f"{OBSERVING}test_referring.py::test_opening_it_uses_nothing_up_and_sending_it_does_once",
        f"{OBSERVING}test_referring.py::test_a_learner_takes_it_back",
        f"{OBSERVING}test_referring.py::test_a_link_that_ran_out_names_nobody",
    ),
    5: (
        f"{OBSERVING}test_settling.py::test_an_assessor_who_is_named_as_an_observer_is_not_asked_to_rate",
        f"{OBSERVING}test_settling.py::test_whoever_said_what_they_saw_rates_it_never",
        f"{OBSERVING}test_settling.py::test_a_registrar_sees_which_assessors_were_named",
        f"{OBSERVING}test_views.py::test_where_exemplars_are_handed_out_nobody_who_rates_learns_that_it_was_seen",
        f"{OBSERVING}test_referring.py::test_nobody_names_from_the_learners_own_device",
        f"{OBSERVING}test_referring.py::test_those_whom_an_employer_names_are_looked_at_as_others",
        f"{OBSERVING}test_settling.py::test_a_denied_call_takes_the_evidence_back_and_no_award",
        f"{SUSPENDING}test_what_ran_out_is_not_taken_up_again_by_who_is_no_longer_qualified",
        f"{SUSPENDING}test_an_exemplar_that_is_held_goes_with_what_is_held",
        "tests/assessment/performances/test_skipping.py::test_nobody_looks_again_at_what_was_withdrawn",
        f"{PERFORMANCES}test_line_5_nobody_rates_what_is_not_theirs_to_rate",
        f"{WORK}test_nobody_rates_their_own_work",
        f"{PLACES}test_who_is_not_through_the_gate_sees_an_empty_queue",
        f"{PLACES}test_only_the_partners_of_a_task_are_asked",
        f"{SETTLING}test_nobody_reviews_what_they_have_rated",
        f"{APPEALS}test_appealing.py::test_nobody_who_rated_it_reaches_the_appeal",
        f"{APPEALS}test_appealing.py::test_nobody_decides_their_own_appeal",
        f"{APPEALS}test_appeal_views.py::test_an_appeal_reaches_somebody_else_only",
        f"{APPEALS}test_threads.py::test_whoever_has_no_place_writes_nothing",
        f"{VOIDING}test_whoever_rates_it_does_not_see_who_else_did",
        "tests/assessment/performances/test_refusals.py::test_who_has_rated_is_not_given_the_judging",
        "tests/assessment/performances/test_refusals.py::test_a_released_rating_is_never_changed",
        f"{WORK}test_a_role_that_was_taken_rates_no_more",
        f"{SHOWING}test_nobody_learns_who_the_other_is",
        "tests/walks/test_blindness.py::test_a_full_run_betrays_nobody",
        "tests/assessment/performances/test_skipping.py::test_only_what_one_has_or_had_is_skipped_or_flagged",
    ),
    6: (
        f"{CREDENTIALS}test_line_57_revoking_needs_the_role_and_a_reason_and_shows_at_once",
        f"{AWARDS}test_a_registrar_elsewhere_sees_and_revokes_nothing",
        f"{VOIDING}test_only_the_institution_that_stands_for_it_sets_it_aside",
        f"{VOIDING}test_nobody_decides_about_their_own_record",
    ),
    7: (f"{ATTEMPTS}test_line_2_a_place_outside_of_ones_own_sitting_does_not_exist",),
    8: (f"{ATTEMPTS}test_line_8_no_answer_comes_before_the_server_s_clock_has_begun",),
    9: (
        f"{ATTEMPTS}test_line_9_an_answer_after_the_time_is_refused_whatever_its_clock_says",
        (
            f"{SITTINGS}test_an_answer_after_the_deadline_is_refused_and_the_rest_is_scored"
            "_without_a_browser"
        ),
    ),
    10: (
        f"{ATTEMPTS}test_line_10_facts_that_a_sitting_s_forms_do_not_ask_for_are_ignored",
        f"{ATTEMPTS}test_line_10_facts_that_an_account_s_forms_do_not_ask_for_are_ignored",
    ),
    11: (
        f"{RACES}test_twenty_times_the_last_answer_is_one_answer",
        f"{RACES}test_twenty_submits_score_once_and_award_once",
        f"{RACES}test_twenty_times_one_answer_lead_to_one_next_question",
        f"{RATINGS}test_twenty_last_ratings_resolve_once_and_award_once",
        f"{RATINGS}test_two_last_ratings_at_once_do_not_miss_each_other",
        f"{RATINGS}test_a_place_goes_to_one_person_alone",
        "tests/walks/test_publishing_races.py::test_a_new_rubric_is_one_institutions",
        f"{ADAPTIVE}test_the_answer_that_ends_it_may_arrive_twice",
    ),
    12: (
        f"{PROJECTS}test_service.py::test_the_last_seat_is_taken_once",
        f"{RACES}test_twenty_starts_begin_one_sitting",
        f"{ATTEMPTS}test_line_12_one_sitting_allowed_is_one_sitting",
        f"{RATINGS}test_twenty_beginnings_and_submissions_are_one",
        f"{BEGINNING}test_a_task_is_shown_as_often_as_it_allows",
    ),
    13: (
        f"{RACES}test_different_answers_at_once_keep_one_and_tell_the_others",
        f"{SITTINGS}test_a_stale_page_gets_both_answers_and_overwrites_nothing",
        f"{BROWSER}test_a_stale_window_gets_both_answers",
        f"{RACES}test_of_different_answers_to_an_adaptive_test_one_stands",
        f"{ADAPTIVE_PAGES}test_another_answer_is_refused_kindly",
    ),
    14: (
        f"{ATTEMPTS}test_line_14_what_is_saved_after_submitting_changes_nothing_and_says_so",
        f"{BROWSER}test_an_answer_after_submitting_elsewhere_changes_nothing_and_says_so",
    ),
    15: (
        f"{ATTEMPTS}test_line_15_time_given_in_a_running_sitting_counts_is_audited_and_told",
        f"{SITTINGS}test_an_open_sitting_takes_over_a_new_allowance_and_never_loses_time",
    ),
    16: (
        f"{ATTEMPTS}test_line_16_a_server_that_dies_in_a_submit_scores_once_or_not_at_all",
        "tests/walks/test_kill.py::test_three_kills",
        (
            "tests/assessment/jobs/test_worker.py::"
            "test_a_dead_workers_job_is_free_after_its_lease_and_given_up_in_the_end"
        ),
    ),
    17: (
        f"{ATTEMPTS}test_line_17_a_locked_database_asks_to_come_back_and_the_answer_is_sent_again",
        f"{ATTEMPTS}test_line_17_a_server_whose_postgresql_is_down_asks_to_come_back",
        f"{BROWSER}test_a_busy_server_is_asked_again_when_it_said",
        f"{BROWSER}test_an_answer_given_offline_is_kept_and_saved_once",
        "tests/browser/test_adaptive.py::test_an_answer_pressed_offline_is_kept_and_arrives_once",
    ),
    18: (
        f"{ATTEMPTS}test_line_18_an_abandoned_sitting_is_one_of_those_allowed",
        f"{SITTINGS}test_an_abandoned_sitting_counts",
        "tests/walks/test_real_exam.py::test_a_retake_repeats_no_question",
        f"{BEGINNING}test_withdrawing_after_a_rating_is_an_attempt",
        f"{SETTLING}test_the_same_work_again_is_one_occasion_and_is_told",
    ),
    19: (
        f"{SEEDING}test_an_exemplar_is_rated_on_the_page_of_live_work",
        f"{SEEDING}test_the_desk_is_the_same_after_an_exemplar_as_after_live_work",
        "tests/assessment/performances/test_threads.py::test_what_changes_no_result_looks_the_same_and_is_not_sent",
        f"{CANARIES}test_no_response_to_a_learner_holds_a_canary",
        f"{CANARIES}test_no_response_of_an_adaptive_test_holds_a_canary",
        f"{ADAPTIVE_PAGES}test_no_page_tells_what_the_test_knows",
        f"{CANARIES}test_a_page_of_a_question_shows_places_and_not_the_key",
        f"{LEAKAGE}test_line_19_a_figure_s_name_and_place_are_not_told",
    ),
    20: (
        f"{LEAKAGE}test_line_20_an_empty_submission_reveals_nothing",
        f"{ADAPTIVE_PAGES}test_nothing_chosen_is_asked_for_and_not_knowing_is_an_answer",
    ),
    21: (f"{LEAKAGE}test_line_21_the_order_of_options_does_not_follow_from_ids",),
    22: (
        f"{LEAKAGE}test_line_22_right_and_wrong_answers_look_and_cost_the_same",
        f"{CANARIES}test_right_and_wrong_answers_are_answered_alike",
        f"{ADAPTIVE_PAGES}test_a_right_and_a_wrong_answer_are_told_in_as_many_bytes",
    ),
    23: (
        f"{LEAKAGE}test_line_23_desks_of_items_are_closed_to_learners_and_searches_find_no_stem",
        f"{LEAKAGE}test_line_23_a_page_has_no_tag_that_could_be_compared",
    ),
    24: (
        f"{LEAKAGE}test_line_24_no_page_is_kept",
        f"{LEAKAGE}test_line_24_nothing_shows_after_signing_out",
    ),
    25: (
        f"{LEAKAGE}test_line_25_what_is_handed_out_holds_no_question",
        f"{LEAKAGE}test_line_25_a_bank_that_counts_is_never_explained_in_practice",
    ),
    26: (
        f"{VOIDING}test_nobody_decides_about_their_own_record",
        f"{VOIDING}test_whoever_rates_it_does_not_see_who_else_did",
        f"{PROJECTS}test_views.py::test_neither_side_reads_what_is_sealed",
        f"{PROJECTS}test_views.py::test_an_employer_does_not_read_what_the_learner_sealed",
        f"{SHOWING}test_nobody_learns_who_the_other_is",
        "tests/walks/test_blindness.py::test_a_full_run_betrays_nobody",
        f"{OBSERVING}test_views.py::test_nobody_reads_what_is_not_for_them",
        f"{APPEALS}test_threads.py::test_assessors_cannot_be_told_apart",
        f"{APPEALS}test_threads.py::test_an_assessor_reads_nothing_of_another",
        f"{APPEALS}test_threads.py::test_one_mail_a_day_without_a_word_of_it",
        f"{APPEALS}test_appeal_views.py::test_messages_go_both_ways_without_a_name",
        f"{APPEALS}test_appeal_views.py::test_a_complaint_is_answered_and_no_assessor_sees_it",
    ),
    27: (
        f"{PROJECTS}test_views.py::test_what_employers_and_learners_write_is_text",
        f"{PLATFORM}test_line_27_words_of_authors_and_learners_are_inert_on_every_page",
        "tests/assessment/authoring/test_views.py::test_what_authors_write_is_inert",
        "tests/assessment/catalogue/test_views.py::test_what_authors_write_is_inert",
        f"{PEOPLE}test_account_views.py::test_names_are_shown_as_text",
        f"{SHOWING}test_what_others_wrote_is_inert",
        f"{FILES}test_views.py::test_names_are_shown_as_text_and_tell_us_nothing",
        f"{OBSERVING}test_views.py::test_names_of_learners_are_text_on_an_observers_pages",
        f"{OBSERVING}test_views.py::test_nobody_reads_what_is_not_for_them",
        f"{OBSERVING}test_views.py::test_a_registrar_keeps_what_a_call_found",
        f"{APPEALS}test_appeal_views.py::test_messages_go_both_ways_without_a_name",
        f"{APPEALS}test_appeal_views.py::test_an_appeal_reaches_somebody_else_only",
        f"{APPEALS}test_appeal_views.py::test_a_complaint_is_answered_and_no_assessor_sees_it",
    ),
    28: (
        "tests/assessment/items/test_importing.py::test_what_only_looks_like_a_picture_is_left_out",
        f"{SHOWING}test_files_leave_as_attachments_under_a_name_of_ours",
        f"{FILES}test_kinds.py::test_nothing_else_is_taken",
        f"{FILES}test_service.py::test_what_is_seen_is_our_own_copy",
    ),
    29: (
        "tests/assessment/items/test_importing.py::test_what_only_looks_like_a_picture_is_left_out",
        f"{WORK}test_what_we_do_not_take_is_refused",
        f"{WORK}test_a_file_is_what_its_bytes_are",
        f"{FILES}test_kinds.py::test_a_file_is_what_its_bytes_are",
        f"{FILES}test_views.py::test_what_we_do_not_take_is_refused_with_its_first_piece",
        f"{FILES}test_views.py::test_without_scripts_a_form_takes_a_small_file",
    ),
    30: (
        f"{PLATFORM}test_line_30_a_form_that_is_too_large_is_refused",
        f"{SHOWN}test_a_file_that_is_too_large",
        f"{PERFORMANCES}test_line_30_a_file_that_is_too_large_is_refused",
        f"{FILES}test_views.py::test_what_is_too_large_is_refused_before_it_is_sent",
        f"{FILES}test_views.py::test_a_body_that_is_not_taken_is_refused_before_anything_reads_it",
        f"{FILES}test_receiving.py::test_what_comes_too_slowly_is_cut_off",
        f"{FILES}test_receiving.py::test_only_so_many_arrive_at_once",
    ),
    31: (
        f"{FILES}test_films.py::test_samples_that_are_named_over_and_over_are_no_work_of_ours",
        f"{WORK}test_a_flood_of_pixels_is_refused_before_it_is_unpacked",
        f"{FILES}test_drawing.py::test_a_flood_of_pixels_is_refused_before_it_is_unpacked",
        f"{FILES}test_drawing.py::test_the_process_that_draws_has_little_memory",
        f"{FILES}test_service.py::test_a_process_that_takes_too_long_is_ended",
        f"{FILES}test_films.py::test_a_walk_without_an_end_ends_its_process",
    ),
    32: (
        f"{EVIDENCE}test_room_counts_what_belongs_to_it_now",
        f"{EVIDENCE}test_there_is_always_room_for_what_is_asked_for",
        f"{FILES}test_service.py::test_a_learner_has_so_much_room",
        f"{FILES}test_service.py::test_the_settings_say_how_large_a_file_may_be",
        f"{PROJECTS}test_files.py::test_a_delivery_takes_what_the_task_takes_and_so_many",
        f"{FILES}test_views.py::test_only_so_many_at_once",
        f"{FILES}test_service.py::test_a_file_whose_row_was_never_committed_is_swept",
    ),
    33: (
        "tests/assessment/test_storage.py::test_a_name_that_we_did_not_make_is_refused",
        "tests/assessment/test_storage.py::test_the_application_stores_under_random_names",
        f"{WORK}test_a_file_is_what_its_bytes_are",
        f"{FILES}test_views.py::test_names_are_shown_as_text_and_tell_us_nothing",
    ),
    34: (
        f"{ATTEMPTS}test_line_1_another_learners_ids_are_ids_that_do_not_exist",
        f"{SHOWING}test_files_leave_as_attachments_under_a_name_of_ours",
        f"{FILES}test_views.py::test_another_learners_files_are_files_that_do_not_exist",
        f"{PROJECTS}test_files.py::test_a_link_shows_no_file_of_another_delivery",
        f"{PROJECTS}test_files.py::test_nobody_adds_what_is_not_theirs",
    ),
    35: (
        "tests/assessment/operation/test_backup.py::test_a_crafted_backup_is_refused_and_writes_nothing",
    ),
    36: (f"{CREDENTIALS}test_line_36_a_picture_is_no_way_into_the_server",),
    37: (f"{PLATFORM}test_line_27_words_of_authors_and_learners_are_inert_on_every_page",),
    38: (
        "tests/assessment/operation/test_backup.py::test_a_crafted_backup_is_refused_and_writes_nothing",
        "tests/assessment/operation/test_backup.py::test_a_damaged_backup_is_refused",
    ),
    39: (f"{VERIFICATION}test_context_from_elsewhere_is_never_fetched",),
    40: (
        "tests/itembank/formats/test_reading.py::test_a_million_rows_are_refused_whole",
        (
            "tests/itembank/formats/test_native_csv.py::"
            "test_a_bad_row_is_refused_with_its_line_and_the_rest_go_on"
        ),
        "tests/assessment/catalogue/test_frameworks.py::test_a_faulty_csv_is_refused_with_the_line",
    ),
    41: (
        "tests/assessment/test_cells.py::test_a_formula_gets_an_apostrophe",
        "tests/assessment/registry/test_exporting.py::test_names_are_no_formulas_and_come_back",
    ),
    42: (
        f"{PEOPLE}test_sign_ins.py::test_an_unknown_account_gets_the_same_answer_and_the_same_work",
        (
            f"{PEOPLE}test_sign_ins.py::"
            "test_one_account_takes_ten_wrong_passwords_in_a_quarter_of_an_hour"
        ),
        f"{PEOPLE}test_sign_ins.py::test_one_address_is_throttled_over_all_accounts",
        f"{PEOPLE}test_registration.py::test_one_mailbox_gets_five_links_an_hour",
        f"{PEOPLE}test_views.py::test_wrong_and_unknown_get_the_same_page",
    ),
    43: (
        f"{PEOPLE}test_passwords.py::test_fifty_at_once_leave_the_server_its_other_threads",
        f"{PEOPLE}test_passwords.py::test_an_endless_password_is_refused",
    ),
    44: (
        f"{SESSIONS}test_line_44_over_https_the_cookie_is_bound_to_this_host",
        f"{PEOPLE}test_views.py::test_a_cookie_planted_before_is_worth_nothing_after",
        f"{PEOPLE}test_views.py::test_a_copied_cookie_is_worth_nothing_after_signing_out",
        f"{PEOPLE}test_views.py::test_two_hours_without_a_request_sign_out",
        f"{PEOPLE}test_views.py::test_twelve_hours_sign_out_whoever_is_busy",
        (
            f"{PEOPLE}test_account_views.py::"
            "test_the_password_changes_and_other_devices_are_signed_out"
        ),
        f"{SESSIONS}test_line_53_a_closed_account_is_out_at_once",
        f"{APPEALS}test_appeal_views.py::test_a_role_that_was_taken_writes_and_answers_no_more",
    ),
    45: (
        f"{SESSIONS}test_line_45_another_person_on_the_same_machine_sees_nothing",
        f"{BROWSER}test_a_sign_in_that_ended_loses_nothing",
        f"{BROWSER}test_another_person_on_the_same_machine_neither_sees_nor_sends_it",
    ),
    46: (
        f"{SESSIONS}test_line_46_no_form_is_taken_without_its_token",
        f"{SESSIONS}test_line_46_a_token_of_another_browser_is_none",
        f"{SESSIONS}test_line_46_looking_writes_nothing",
        f"{OBSERVING}test_views.py::test_the_form_is_protected_from_other_sites",
        f"{OBSERVING}test_views.py::test_opening_a_link_uses_nothing_up",
    ),
    47: (
        f"{SESSIONS}test_line_47_only_our_own_host_is_answered_for",
        f"{SESSIONS}test_line_47_links_begin_with_the_configured_address",
    ),
    48: (
        f"{PLATFORM}test_line_48_no_table_or_waiting_mail_holds_a_token",
        f"{PEOPLE}test_tickets.py::test_a_link_works_once",
        f"{PEOPLE}test_tickets.py::test_a_link_runs_out",
        f"{PEOPLE}test_tickets.py::test_a_link_is_bound_to_the_address_that_the_account_has",
        f"{PEOPLE}test_invitations.py::test_a_link_is_bound_to_its_address",
        f"{PEOPLE}test_link_views.py::test_tokens_stay_out_of_the_log",
        f"{PEOPLE}test_link_views.py::test_pages_with_links_in_their_address_name_it_to_nobody",
        f"{OBSERVING}test_views.py::test_tokens_stand_in_no_log_and_no_referrer",
        f"{OBSERVING}test_naming.py::test_tokens_are_long_random_and_hashed",
    ),
    49: (
        f"{SESSIONS}test_line_49_no_next_leads_away",
        f"{PEOPLE}test_destinations.py::test_anything_else_leads_to_the_usual_place",
    ),
    50: NoSurface("Nobody signs in through another provider yet."),
    51: NoSurface("There are no passkeys yet."),
    52: NoSurface("There are no one-time codes yet."),
    53: (
        f"{SESSIONS}test_line_53_a_role_that_was_taken_counts_no_more_on_any_address",
        f"{SESSIONS}test_line_53_a_closed_account_is_out_at_once",
        f"{APPEALS}test_appeal_views.py::test_a_role_that_was_taken_writes_and_answers_no_more",
        f"{PEOPLE}test_invitations.py::test_a_link_ends_with_its_sender_s_role",
        (
            "tests/assessment/authoring/test_uploads.py::"
            "test_a_role_that_was_taken_away_confirms_nothing"
        ),
    ),
    54: (
        f"{PROJECTS}test_views.py::test_a_mail_takes_no_header_and_few_invitations",
        f"{SESSIONS}test_line_54_a_name_stays_on_its_line",
        "tests/assessment/test_mail.py::test_an_address_cannot_add_a_header_or_a_receiver",
        "tests/assessment/test_mail.py::test_a_subject_cannot_add_a_header",
        f"{PEOPLE}test_duties.py::test_a_name_travels_in_no_mail",
        f"{PEOPLE}test_invitations.py::test_one_person_invites_fifty_a_day",
        f"{OBSERVING}test_views.py::test_a_name_with_a_line_break_is_refused",
        f"{OBSERVING}test_views.py::test_an_address_that_is_none_names_nobody",
        f"{OBSERVING}test_naming.py::test_no_mail_carries_words_of_others",
        f"{OBSERVING}test_naming.py::test_a_learner_names_so_many_a_day",
        f"{OBSERVING}test_naming.py::test_a_mailbox_is_asked_so_often_a_day_by_whomever",
    ),
    55: (
        f"{CREDENTIALS}test_line_55_a_token_in_another_hand_is_not_valid",
        f"{VERIFICATION}test_header_that_we_never_write",
        f"{VERIFICATION}test_public_key_as_the_secret_of_an_hmac",
        f"{VERIFICATION}test_no_signature_at_all",
        f"{VERIFICATION}test_key_that_the_issuer_does_not_publish",
        f"{VERIFICATION}test_expiry",
    ),
    56: (
        f"{CREDENTIALS}test_line_56_no_text_brings_the_page_down",
        f"{VERIFICATION}test_every_flipped_letter_of_a_token_is_noticed",
        f"{VERIFICATION}test_flipped_bit_of_a_document_never_changes_what_is_believed",
        f"{VERIFICATION}test_duplicate_members_are_refused",
        f"{VERIFICATION}test_issuer_with_a_confusable_name_is_unknown",
        f"{VERIFICATION}test_no_input_raises",
    ),
    57: (
        f"{CREDENTIALS}test_line_57_revoking_needs_the_role_and_a_reason_and_shows_at_once",
        (
            "tests/assessment/credentials/test_revoking.py::"
            "test_both_forms_and_the_list_say_revoked_at_once"
        ),
        (
            "tests/assessment/credentials/test_status.py::"
            "test_signed_list_verifies_and_changes_with_its_bits"
        ),
    ),
    58: (
        f"{CREDENTIALS}test_line_58_public_pages_tell_nothing_of_the_person",
        f"{SHOWN}test_a_closed_credential_is_not_there",
        f"{SHOWN}test_programs_are_asked_to_wait",
    ),
    59: (
        f"{CREDENTIALS}test_line_59_passing_again_grants_nothing_twice",
        f"{CREDENTIALS}test_line_59_nobody_takes_away_what_is_anothers",
        f"{AWARDS}test_voided_evidence_earns_nothing",
        f"{AWARDS}test_new_evidence_earns_it_again_and_says_what_it_replaces",
        f"{SETTLING}test_a_review_takes_the_place_of_what_was_concluded",
        f"{SETTLING}test_setting_aside_what_a_result_rests_on_lets_it_fall",
        f"{VOIDING}test_setting_aside_revokes_nothing_and_asks_about_each_award",
        f"{VOIDING}test_a_lost_appeal_puts_the_award_in_doubt",
        (
            "tests/assessment/credentials/test_issuing.py::"
            "test_parallel_issues_of_one_award_make_one_credential"
        ),
    ),
    60: (
        f"{PLATFORM}test_line_60_words_and_sorts_are_never_part_of_a_query",
        "tests/assessment/registry/test_listing.py::test_words_are_words_and_no_patterns",
    ),
    61: (f"{PLATFORM}test_line_61_words_that_are_looked_for_are_no_patterns",),
    62: (
        f"{FILES}test_views.py::test_what_is_too_large_is_refused_before_it_is_sent",
        f"{PROJECTS}test_views.py::test_a_brief_that_cannot_be_used_is_kept_in_the_form",
        f"{PLATFORM}test_line_62_numbers_that_are_none_are_told_and_never_an_error",
        f"{PLATFORM}test_line_62_a_zero_character_is_refused_on_every_database",
        f"{SHOWING}test_a_mark_that_there_is_not_is_refused",
        (
            "tests/itembank/formats/test_native_json.py::"
            "test_numbers_that_are_bombs_cost_only_their_item"
        ),
        (
            "tests/assessment/items/test_publishing.py::"
            "test_numeric_bombs_and_strange_fields_are_refused_with_their_place"
        ),
    ),
    63: (
        f"{PLATFORM}test_line_63_a_forged_address_is_not_believed",
        f"{PLATFORM}test_line_63_only_so_many_proxies_are_believed",
        (
            "tests/assessment/operation/test_serving.py::"
            "test_the_server_believes_no_forwarded_header_and_logs_no_path"
        ),
    ),
    64: (
        f"{PLATFORM}test_line_64_nothing_for_developers_is_open",
        "tests/assessment/test_logs.py::test_errors_carry_an_id_and_nothing_else",
    ),
    65: (
        f"{PLATFORM}test_line_65_no_weak_key_is_taken",
        f"{PLATFORM}test_line_65_a_key_file_that_was_emptied_is_not_taken",
        f"{PLATFORM}test_line_65_a_former_key_still_opens_and_never_signs",
        "tests/assessment/test_config.py::test_a_generated_secret_key_is_kept_for_its_owner_alone",
        "tests/assessment/test_config.py::test_a_wrong_setting_is_refused",
    ),
    66: (
        f"{PLATFORM}test_line_66_a_whole_run_leaves_nothing_personal_in_the_log",
        "tests/assessment/test_logs.py::test_no_value_can_begin_a_line_or_colour_a_terminal",
        "tests/assessment/test_logs.py::test_a_request_is_logged_by_endpoint_and_never_by_path",
    ),
    67: (
        "tests/assessment/audit/test_log.py::test_the_database_refuses_to_change_the_log",
        "tests/assessment/audit/test_log.py::test_every_tampering_is_found",
        "tests/assessment/audit/test_log.py::test_a_cut_chain_that_grew_again_is_found",
    ),
    68: (f"{PLATFORM}test_line_68_no_page_can_be_framed_or_run_what_is_not_ours",),
    69: NoSurface("No page listens for messages of another window, and there is no LTI launch."),
    70: (
        f"{PLATFORM}test_line_70_pages_load_from_here_alone",
        f"{PLATFORM}test_line_70_styles_and_scripts_load_from_here_alone",
        "tests/browser/test_pages.py::test_a_page_keeps_to_the_policy_and_the_origin",
    ),
}
