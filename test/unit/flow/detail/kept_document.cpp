#include <oauth/flow/detail/kept_document.hpp>
#include <boost/test/unit_test.hpp>
#include "../../../support/id_tokens.hpp"
#include <atomic>
#include <chrono>
#include <thread>
#include <utility>

namespace {

using namespace oauth;
using namespace oauth::test;
using namespace std::chrono_literals;

using document = detail::kept_document<int>;

/// How often it is fetched, and fails, where one caller waits for the fetch of another, with a clock that is ahead by so much. The first fetch goes on for that long once the other has come.
int fetches(seconds ahead, std::chrono::milliseconds patience)
{
    document kept;
    std::atomic<int> asked = 0;
    std::atomic<bool> came = false;
    auto const fetch = [&]() -> result<int> {
        if (asked++ == 0)
        {
            while (!came) std::this_thread::sleep_for(1ms);
            std::this_thread::sleep_for(patience);
        }
        return failure(errc::connect_timeout, advice::retry);
    };
    std::jthread const first([&] { static_cast<void>(kept.get({}, issued_now, fetch)); });
    while (asked == 0) std::this_thread::sleep_for(1ms);
    came = true;
    auto const waited = kept.get({}, issued_now + ahead, fetch);
    BOOST_TEST_REQUIRE(waited.has_error());
    BOOST_TEST(waited.error().code == make_error_code(errc::connect_timeout));
    return asked;
}

} // namespace

BOOST_AUTO_TEST_SUITE(flow_detail_kept_document)

// The pause after a failure counts from the fetch's beginning: whoever waited for longer than that does not try it again for as long.
BOOST_AUTO_TEST_CASE(who_waited_shares_a_failure_however_long_it_took)
{
    for (auto const ahead : {6s, 30s, 600s})
    {
        // A thread that is slow to begin may come when all is over: then it is given more time.
        int asked = 0;
        for (int round = 0; round < 6 && asked != 1; ++round) asked = fetches(ahead, 20ms * (1 << round));
        BOOST_TEST(asked == 1);
    }
}

BOOST_AUTO_TEST_CASE(who_comes_later_asks_again)
{
    document kept;
    int asked = 0;
    auto const fetch = [&asked]() -> result<int> {
        ++asked;
        return failure(errc::connect_timeout, advice::retry);
    };
    for (auto const& [later, fetched] : {std::pair(0s, 1), {4s, 1}, {6s, 2}, {15s, 2}, {16s, 3}})
    {
        BOOST_TEST(kept.get({}, issued_now + later, fetch).has_error());
        BOOST_TEST(asked == fetched);
    }
}

BOOST_AUTO_TEST_SUITE_END()
