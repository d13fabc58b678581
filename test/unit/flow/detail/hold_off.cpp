#include <oauth/flow/detail/hold_off.hpp>
#include <boost/test/unit_test.hpp>
#include "../../../support/printing.hpp"
#include "../../../support/sessions.hpp"
#include <array>
#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace oauth;
using namespace oauth::test;
using namespace std::chrono_literals;

http_response wait(std::string retry_after, int status = 429, std::string body = "slow down") { return answer(status, std::move(body), {{"Retry-After", std::move(retry_after)}}); }

} // namespace

BOOST_AUTO_TEST_SUITE(flow_detail_hold_off)

BOOST_AUTO_TEST_CASE(till_the_moment_that_the_server_names)   // Retry-After, RFC 9110 10.2.3
{
    detail::hold_off held(8);
    BOOST_TEST(!held.why("a", start).has_value());
    held.note("a", wait("60"), {}, start);
    auto const why = held.why("a", start);
    BOOST_TEST_REQUIRE(why.has_value());
    BOOST_TEST(why->code == errc::unexpected_status);
    BOOST_TEST(why->http_status == 429);
    BOOST_TEST((why->next == advice::retry_after));
    BOOST_TEST((why->retry_after == 60s));
    BOOST_TEST((held.why("a", start + 59s)->retry_after == 1s));
    BOOST_TEST(!held.why("a", start + 60s).has_value());
    BOOST_TEST(!held.why("b", start).has_value());
    held.forget("b");
    BOOST_TEST(held.why("a", start).has_value());
    held.forget("a");
    BOOST_TEST(!held.why("a", start).has_value());
    held.forget("a");
}

BOOST_AUTO_TEST_CASE(for_an_hour_at_most)
{
    detail::hold_off held(8);
    held.note("a", wait("7200"), {}, start);
    BOOST_TEST((held.why("a", start)->retry_after == 2h));   // what the server said
    BOOST_TEST((held.why("a", start + 3599s)->retry_after == 3601s));
    BOOST_TEST(!held.why("a", start + 1h).has_value());
    held.note("a", wait("99999999999999999999999"), {}, start);
    BOOST_TEST(held.why("a", start + 3599s).has_value());
    BOOST_TEST(!held.why("a", start + 1h).has_value());
    // The clock was turned back: what it was is not known.
    BOOST_TEST(!held.why("a", start - 1s).has_value());
}

BOOST_AUTO_TEST_CASE(which_answers_count)
{
    struct
    {
        char const* what;
        http_response answer;
        bool counts;
    } const rows[] = {
        {"429", wait("5"), true},
        {"503", wait("5", 503), true},
        {"503 with an OAuth error", wait("5", 503, R"({"error":"temporarily_unavailable"})"), true},
        {"429 without Retry-After", answer(429, "x", {}), false},
        {"429 that can't be read", wait("soon"), false},
        {"429, 0", wait("0"), false},
        {"400", wait("5", 400, R"({"error":"temporarily_unavailable"})"), false},
        {"500", wait("5", 500), false},
        {"200", wait("5", 200, R"({"access_token":"a","token_type":"Bearer"})"), false},
        {"the user is wanted", wait("5", 429, R"({"error":"interaction_required"})"), false},
    };
    for (auto const& given : rows)
    {
        detail::hold_off held(8);
        held.note("a", given.answer, {}, start);
        BOOST_TEST(held.why("a", start).has_value() == given.counts, given.what);
    }
}

BOOST_AUTO_TEST_CASE(the_provider_s_words_are_kept)
{
    static constexpr std::array<advice_rule, 1> rules{advice_rule{.error = "temporarily_unavailable", .next = advice::retry, .hint = "ours"}};
    detail::hold_off held(8);
    held.note("a", wait("5", 503, R"({"error":"temporarily_unavailable","trace_id":"t"})"), rules, start);
    auto const why = held.why("a", start + 2s);
    BOOST_TEST(why->hint == "ours");
    BOOST_TEST(why->server.trace_id == "t");
    BOOST_TEST(why->code == server_errc::temporarily_unavailable);
    BOOST_TEST((why->retry_after == 3s));
}

BOOST_AUTO_TEST_CASE(bounded)
{
    detail::hold_off held(3);
    for (int i = 0; i < 10; ++i) held.note(std::to_string(i), wait(std::to_string(100 - i)), {}, start);
    int left = 0;
    for (int i = 0; i < 10; ++i) left += held.why(std::to_string(i), start).has_value();
    BOOST_TEST(left == 3);
    BOOST_TEST(held.why("9", start).has_value());
    // What is over makes room first.
    held.note("new", wait("500"), {}, start + 200s);
    for (int i = 0; i < 10; ++i) BOOST_TEST(!held.why(std::to_string(i), start).has_value());
    BOOST_TEST(held.why("new", start + 200s).has_value());
}

BOOST_AUTO_TEST_CASE(threads_meet)
{
    detail::hold_off held(4);
    std::atomic<int> wrong{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&, i] {
            for (int n = 0; n < 500; ++n)
            {
                auto const key = std::to_string((i + n) % 6);
                if (n % 5 == 0) held.forget(key);
                else if (n % 3 == 0) held.note(key, wait("60"), {}, start);
                else if (auto const why = held.why(key, start + 1s); why && why->retry_after != 59s) ++wrong;
            }
        });
    for (auto& thread : threads) thread.join();
    BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_SUITE_END()
