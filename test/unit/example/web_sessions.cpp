#include "../../../example/support/web_sessions.hpp"
#include <oauth/testing/manual_clock.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <string>
#include <string_view>

namespace {

using namespace std::chrono_literals;

struct signed_in_users
{
    oauth::testing::manual_clock clock;
    example::web_sessions<oauth::testing::manual_clock> sessions{clock};
};

} // namespace

BOOST_AUTO_TEST_SUITE(example_web_sessions)

BOOST_FIXTURE_TEST_CASE(each_has_an_id_of_its_own, signed_in_users)
{
    auto const ada = sessions.begin({"ada"}), berta = sessions.begin({"berta"}), again = sessions.begin({"ada"});
    BOOST_TEST(ada != again);
    BOOST_TEST(sessions.find(ada).value().key == "ada");
    BOOST_TEST(sessions.find(berta).value().key == "berta");
    BOOST_TEST(sessions.end(ada).value().key == "ada");
    BOOST_TEST(!sessions.find(ada));
    BOOST_TEST(!sessions.end(ada));
    BOOST_TEST(sessions.find(again).has_value());
    for (std::string const& id : {std::string(), std::string("ada"), berta.substr(1), berta + 'A'})
    {
        BOOST_TEST(!sessions.find(id));
        BOOST_TEST(!sessions.end(id));
    }
}

BOOST_FIXTURE_TEST_CASE(none_lasts_for_longer_than_its_time, signed_in_users)
{
    auto const early = sessions.begin({"early"});
    clock.advance(4h);
    auto const late = sessions.begin({"late"});
    clock.advance(4h - 1s);
    BOOST_TEST(sessions.find(early).has_value());   // and is no longer for it
    BOOST_TEST(sessions.take_expired().empty());
    clock.advance(1s);
    BOOST_TEST(!sessions.find(early));
    BOOST_TEST(sessions.find(late).has_value());
    auto const gone = sessions.take_expired();
    BOOST_TEST_REQUIRE(gone.size() == 1u);
    BOOST_TEST(gone.front().key == "early");
    BOOST_TEST(sessions.take_expired().empty());
    BOOST_TEST(!sessions.end(early));
    clock.advance(4h);
    BOOST_TEST(sessions.end(late).value().key == "late");   // its tokens can still be forgotten
}

BOOST_AUTO_TEST_SUITE_END()
