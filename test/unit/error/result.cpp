#include <oauth/error/result.hpp>
#include <boost/test/unit_test.hpp>
#include <memory>
#include <string>
#include <string_view>

namespace {

oauth::result<int> half(int value)
{
    if (value % 2 != 0) return oauth::failure(oauth::errc::invalid_url, oauth::advice::fix_configuration, "an even number");
    return value / 2;
}

oauth::result<void> nothing(bool fails)
{
    if (fails) return oauth::failure(oauth::server_errc::access_denied, oauth::advice::consent);
    return {};
}

std::string thrown_by(oauth::failure why)
{
    try
    {
        oauth::result<int>(std::move(why)).value();
    }
    catch (oauth::error const& e)
    {
        return e.what();
    }
    return "nothing was thrown";
}

} // namespace

BOOST_AUTO_TEST_SUITE(error_result)

BOOST_AUTO_TEST_CASE(a_value_or_a_failure)
{
    BOOST_TEST(half(4).value() == 2);
    BOOST_TEST(*half(4) == 2);
    BOOST_TEST(half(3).has_error());
    BOOST_TEST((half(3).error().code == oauth::errc::invalid_url));
    BOOST_TEST(nothing(false).has_value());
    BOOST_TEST((nothing(true).error().code == oauth::server_errc::access_denied));
    nothing(false).value();
}

BOOST_AUTO_TEST_CASE(value_throws_the_whole_failure)
{
    BOOST_CHECK_EXCEPTION(half(3).value(), oauth::error, [](oauth::error const& e) {
        return e.code() == oauth::errc::invalid_url && e.why().next == oauth::advice::fix_configuration && e.why().hint == "an even number";
    });
    BOOST_CHECK_THROW(nothing(true).value(), oauth::error);
    BOOST_CHECK_THROW(nothing(true).value(), boost::system::system_error);
    BOOST_CHECK_THROW(nothing(true).value(), std::exception);
}

BOOST_AUTO_TEST_CASE(what_says_hint_and_message)
{
    std::string_view const with_hint = "an even number: not an absolute http or https URL";
    BOOST_TEST(thrown_by({oauth::errc::invalid_url, oauth::advice::retry, "an even number"}).starts_with(with_hint));
    // No colon without a hint before it.
    BOOST_TEST(thrown_by({oauth::errc::no_session, oauth::advice::retry}).starts_with("nobody is signed in"));
}

BOOST_AUTO_TEST_CASE(what_holds_none_of_the_servers_words)
{
    oauth::failure why(oauth::server_errc::invalid_grant, oauth::advice::sign_in_again, "hint");
    for (auto* text : {&why.server.error, &why.server.error_description, &why.server.error_uri, &why.server.suberror, &why.server.claims, &why.server.trace_id,
             &why.server.correlation_id, &why.server.timestamp})
        *text = "CANARY";
    BOOST_TEST(thrown_by(why).find("CANARY") == std::string::npos);
    BOOST_TEST(thrown_by(why).starts_with("hint: the server refused: invalid_grant"));
}

BOOST_AUTO_TEST_CASE(holds_what_can_only_be_moved)
{
    oauth::result<std::unique_ptr<int>> made = std::make_unique<int>(7);
    auto taken = std::move(made).value();
    BOOST_TEST(*taken == 7);
}

BOOST_AUTO_TEST_SUITE_END()
