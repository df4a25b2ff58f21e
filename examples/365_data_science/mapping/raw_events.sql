-- One row per thing a student did. The source knows days, not times, so an event is at midnight.
with

registrations as (

    select
        'registration:' || student_id as event_id,
        student_id,
        'registered' as event_type,
        date_registered as event_date,
        'website' as channel
    from "365_student_info"

),

-- One row per student, course and day.
lessons as (

    select
        concat_ws(':', 'lesson', learning.student_id, learning.course_id, date_watched) as event_id,
        learning.student_id,
        'lesson_watched' as event_type,
        date_watched as event_date,
        'classroom' as channel,
        courses.course_title as content_topic,
        cast(minutes_watched as double) as minutes
    from "365_student_learning" as learning
    left join "365_course_info" as courses
        on learning.course_id = courses.course_id

),

-- One row per student and day; most days are seen among the lessons too, so no rule adds both up
-- without a cap.
study_days as (

    select
        'study_day:' || engagement_id as event_id,
        student_id,
        'study_day' as event_type,
        date_engaged as event_date,
        'classroom' as channel,
        engagement_lessons = '1' as has_lesson,
        engagement_quizzes = '1' as has_quiz,
        engagement_exams = '1' as has_exam
    from "365_student_engagement"

),

exams as (

    select
        'exam:' || exam_attempt_id as event_id,
        student_id,
        'exam_taken' as event_type,
        date_exam_completed as event_date,
        'classroom' as channel,
        cast(exam_completion_time as double) as minutes,
        cast(exam_result as double) as percent_right
    from "365_student_exams"

),

questions as (

    select
        'question:' || hub_question_id as event_id,
        student_id,
        'question_asked' as event_type,
        date_question_asked as event_date,
        'community' as channel
    from "365_student_hub_questions"

),

-- Nothing identifies a rating, so a student's ratings of a course are numbered by day.
ratings as (

    select
        concat_ws(
            ':', 'rating', ratings.student_id, ratings.course_id, date_rated,
            row_number() over (
                partition by ratings.student_id, ratings.course_id, date_rated
                order by course_rating
            )
        ) as event_id,
        ratings.student_id,
        'course_rated' as event_type,
        date_rated as event_date,
        'community' as channel,
        courses.course_title as content_topic,
        cast(course_rating as double) as stars
    from "365_course_ratings" as ratings
    left join "365_course_info" as courses
        on ratings.course_id = courses.course_id

),

events as (

    select * from registrations
    union all by name
    select * from lessons
    union all by name
    select * from study_days
    union all by name
    select * from exams
    union all by name
    select * from questions
    union all by name
    select * from ratings

)

select
    event_id,
    student_id as lead_id,
    event_type,
    cast(event_date as timestamp) as occurred_at,
    channel,
    content_topic,
    60 * minutes as duration_seconds,
    -- Minutes of a lesson, percent of an exam, stars of a rating.
    case event_type
        when 'lesson_watched' then minutes
        when 'exam_taken' then percent_right
        when 'course_rated' then stars
    end as value,
    has_lesson,
    has_quiz,
    has_exam
from events
