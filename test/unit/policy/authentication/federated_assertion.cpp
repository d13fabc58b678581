#include <oauth/policy/authentication/federated_assertion.hpp>
#include <boost/test/unit_test.hpp>
#include "../../../support/jose.hpp"
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>
#include <utility>

namespace {

using oauth::assertion_file;
using oauth::errc;
using oauth::federated_assertion;
using oauth::secret;
using test_support::code_of;

struct outcome
{
    oauth::result<void> done;
    std::string body;
};

template <class Authentication>
outcome authenticate(Authentication& by)
{
    oauth::http_request request{.url = "https://login.example/token"};
    oauth::form body;
    auto done = by.authenticate(request, body, {.id = "the client", .secret = secret("not sent")}, {}, {});
    BOOST_TEST(request.authorization.empty());
    BOOST_TEST(request.fields.empty());
    return {std::move(done), std::string(body.str())};
}

struct a_file
{
    std::filesystem::path path = std::filesystem::temp_directory_path() / ("oauth_federated_assertion_test_" + std::to_string(::getpid()));

    ~a_file() { std::filesystem::remove_all(path); }
    void write(std::string const& text) const { std::ofstream(path, std::ios::binary) << text; }
};

std::string const type = "client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer";

} // namespace

BOOST_AUTO_TEST_SUITE(policy_authentication_federated_assertion)

BOOST_AUTO_TEST_CASE(asks_its_source_each_time)
{
    int asked = 0;
    federated_assertion method{[&asked]() -> oauth::result<secret> { return secret("a.b.c" + std::to_string(++asked)); }};
    static_assert(oauth::check_client_authentication<decltype(method)>());
    BOOST_TEST(authenticate(method).body == "client_id=the%20client&" + type + "&client_assertion=a.b.c1");
    BOOST_TEST(authenticate(method).body == "client_id=the%20client&" + type + "&client_assertion=a.b.c2");
}

BOOST_AUTO_TEST_CASE(what_its_source_fails_with)
{
    federated_assertion broken{[]() -> oauth::result<secret> { return oauth::failure(errc::connect_failed, oauth::advice::retry, "the platform is away"); }};
    auto const made = authenticate(broken);
    BOOST_TEST(code_of(made.done) == errc::connect_failed);
    BOOST_TEST(made.done.error().next == oauth::advice::retry);
    BOOST_TEST(made.done.error().hint == "the platform is away");
    BOOST_TEST(made.body == "");
    federated_assertion nothing{[]() -> oauth::result<secret> { return secret(); }};
    auto const none = authenticate(nothing);
    BOOST_TEST(code_of(none.done) == errc::key_unreadable);
    BOOST_TEST(none.done.error().next == oauth::advice::fix_configuration);
    BOOST_TEST(none.body == "");
}

BOOST_AUTO_TEST_CASE(a_file_is_read_anew_for_each_request)
{
    a_file const file;
    federated_assertion method{assertion_file(file.path.string())};
    for (std::string const token : {"first.token.x", "second.token.y"})
        for (std::string const& around : {token, token + "\n", token + "\r\n", "\n\t " + token + " \n\n"})
        {
            file.write(around);
            BOOST_TEST(authenticate(method).body == "client_id=the%20client&" + type + "&client_assertion=" + token);
        }
    // Blanks within stay.
    file.write("a b");
    BOOST_TEST(authenticate(method).body.ends_with("client_assertion=a%20b"));
}

BOOST_AUTO_TEST_CASE(files_that_are_none)
{
    a_file const file;
    federated_assertion method{assertion_file(file.path.string())};
    auto const refused = [&](std::string const& what) {
        auto const made = authenticate(method);
        BOOST_TEST_CONTEXT(what)
        {
            BOOST_TEST(code_of(made.done) == errc::key_unreadable);
            BOOST_TEST(made.done.error().next == oauth::advice::fix_configuration);
            BOOST_TEST(made.done.error().hint.starts_with(file.path.string() + ": "));
            BOOST_TEST(made.done.error().hint.find(what) != std::string::npos);
            BOOST_TEST(oauth::describe(made.done.error()).find("canary") == std::string::npos);
            BOOST_TEST(made.body == "");
        }
    };
    refused("can't be opened");
    for (char const* text : {"", "\n", " \t\r\n "})
    {
        file.write(text);
        refused("is empty");
    }
    file.write("canary" + std::string(64 * 1024 - 5, 'x'));
    refused("too large");
    file.write(std::string(64 * 1024, ' ') + "canary");
    refused("too large");
    file.write(std::string(64 * 1024, 'x'));
    BOOST_TEST(authenticate(method).done.has_value());
    std::filesystem::remove(file.path);
    std::filesystem::create_directory(file.path);
    refused("can't be read");
    std::filesystem::remove(file.path);
    // It comes back by itself, when somebody has mounted it.
    file.write("token");
    BOOST_TEST(authenticate(method).done.has_value());
}

BOOST_AUTO_TEST_SUITE_END()
