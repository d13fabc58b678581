#include <oauth/error/server_errc.hpp>
#include <oauth/error/errc.hpp>
#include <boost/test/unit_test.hpp>
#include <set>
#include <string>

BOOST_AUTO_TEST_SUITE(error_server_errc)

BOOST_AUTO_TEST_CASE(names_and_values_are_one_to_one)
{
    std::set<std::string_view> names;
    std::set<oauth::server_errc> values;
    for (auto const& row : oauth::detail::server_errc_names)
    {
        BOOST_TEST(!row.name.empty());
        BOOST_TEST(names.insert(row.name).second, row.name << " twice");
        BOOST_TEST(values.insert(row.value).second, row.name << " has a value that is used twice");
        BOOST_TEST((oauth::to_server_errc(row.name) == row.value));
        BOOST_TEST(oauth::to_string(row.value) == row.name);
    }
    // Every enumerator but `unrecognized`, which is the first: no value is left out.
    BOOST_TEST(values.size() == static_cast<std::size_t>(oauth::server_errc::unmet_authentication_requirements) - 1);
    BOOST_TEST((values.count(oauth::server_errc::unrecognized) == 0));
}

BOOST_AUTO_TEST_CASE(what_is_not_registered_is_unrecognized)
{
    for (std::string_view name : {"", "invalid_Grant", "INVALID_GRANT", " invalid_grant", "invalid_grant ", "invalid", "unrecognized"})
        BOOST_TEST((oauth::to_server_errc(name) == oauth::server_errc::unrecognized), name);
    BOOST_TEST((oauth::to_server_errc(std::string_view("invalid_grant\0", 14)) == oauth::server_errc::unrecognized));
    BOOST_TEST(oauth::to_string(oauth::server_errc::unrecognized) == "unrecognized");
    BOOST_TEST(oauth::to_string(static_cast<oauth::server_errc>(9999)) == "unrecognized");
}

BOOST_AUTO_TEST_CASE(messages)
{
    std::set<std::string> seen;
    for (auto const& row : oauth::detail::server_errc_names)
    {
        auto const message = make_error_code(row.value).message();
        BOOST_TEST(message == "the server refused: " + std::string(row.name));
        seen.insert(message);
    }
    BOOST_TEST(seen.size() == oauth::detail::server_errc_names.size());
    BOOST_TEST(make_error_code(oauth::server_errc::unrecognized).message() == "the server refused with a code that is not registered");
}

BOOST_AUTO_TEST_CASE(is_apart_from_errc)
{
    oauth::error_code const code = oauth::server_errc::invalid_request;
    BOOST_TEST(std::string(code.category().name()) == "oauth.server");
    BOOST_TEST((code.category() != oauth::oauth_category()));
    // The same number in the other category is another code.
    BOOST_TEST((code != oauth::error_code(static_cast<int>(oauth::server_errc::invalid_request), oauth::oauth_category())));
}

BOOST_AUTO_TEST_SUITE_END()
