#include <oauth/policy/authentication/client_secret_basic_unencoded.hpp>
#include <oauth/policy/authentication/client_secret_basic.hpp>
#include <boost/test/unit_test.hpp>
#include <string>

namespace {

struct outcome
{
    oauth::http_request request;
    oauth::form body;
    oauth::result<void> done;
};

template <class Authentication>
outcome authenticate(std::string id, std::string password)
{
    outcome out;
    out.done = Authentication{}.authenticate(out.request, out.body, {.id = std::move(id), .secret = oauth::secret(std::move(password))}, {}, {});
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(policy_authentication_client_secret_basic_unencoded)

// What servers want that forget RFC 6749 2.3.1: a switch which has a name of its own.
BOOST_AUTO_TEST_CASE(sends_them_as_they_are)
{
    struct row
    {
        std::string id, password, value;
    };
    for (auto const& [id, password, value] : {
             row{"Aladdin", "open sesame", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="},   // RFC 7617 2
             row{"test", "123\xc2\xa3", "Basic dGVzdDoxMjPCow=="},                  // RFC 7617 2.1
             row{"web basic", "p+a%s s&:=", "Basic d2ViIGJhc2ljOnArYSVzIHMmOj0="},
             row{"1", "2", "Basic MToy"}, row{"12", "2", "Basic MTI6Mg=="}, row{"12", "23", "Basic MTI6MjM="},   // every padding
         })
    {
        auto const made = authenticate<oauth::client_secret_basic_unencoded>(id, password);
        BOOST_TEST_REQUIRE(made.done.has_value());
        BOOST_TEST(made.request.authorization.reveal() == value);
        BOOST_TEST(made.request.fields.empty());
        BOOST_TEST(made.body.empty());
    }
}

BOOST_AUTO_TEST_CASE(is_the_same_where_nothing_needs_encoding)
{
    using unencoded = oauth::client_secret_basic_unencoded;
    using encoded = oauth::client_secret_basic;
    BOOST_TEST(authenticate<unencoded>("s6BhdRkqt3", "7Fjfp0-._~").request.authorization.reveal() == authenticate<encoded>("s6BhdRkqt3", "7Fjfp0-._~").request.authorization.reveal());
    BOOST_TEST(authenticate<unencoded>("s6BhdRkqt3", "a b").request.authorization.reveal() != authenticate<encoded>("s6BhdRkqt3", "a b").request.authorization.reveal());
}

BOOST_AUTO_TEST_CASE(what_basic_can_not_carry)
{
    struct row
    {
        std::string id, password;
    };
    for (auto const& [id, password] : {row{"public", ""}, row{"a:b", "canary"}, row{"a\nb", "canary"}, row{"a", "can\rary"}, row{std::string("a\0", 2), "canary"}, row{"a", "canary\x7f"}})
    {
        auto const made = authenticate<oauth::client_secret_basic_unencoded>(id, password);
        BOOST_TEST_REQUIRE(made.done.has_error());
        BOOST_TEST(made.done.error().code == oauth::error_code(oauth::errc::invalid_client));
        BOOST_TEST((made.done.error().next == oauth::advice::fix_configuration));
        BOOST_TEST(made.done.error().hint.starts_with("client_secret_basic_unencoded "));
        BOOST_TEST(oauth::describe(made.done.error()).find("canary") == std::string::npos);
        BOOST_TEST(made.request.authorization.empty());
        BOOST_TEST(made.body.empty());
    }
}

BOOST_AUTO_TEST_SUITE_END()
