#include <oauth/testing/detail/device_page.hpp>

#include "../server_probe.hpp"
#include <oauth/testing/server_transport.hpp>
#include <boost/test/unit_test.hpp>
#include <string>

BOOST_AUTO_TEST_SUITE(testing_device_page)

using oauth::testing::personality;
using oauth::testing::user_choice;
using P = server_probe;
using namespace std::chrono_literals;

namespace {

struct desk
{
    P probe{options()};
    oauth::testing::server_transport<decltype(P::server)> line{probe.server};
    boost::json::object codes = P::json(probe.server.handle(P::form_request("https://login.example.com/device_authorization", "client_id=public-app&scope=User.Read+%3Cb%3E")));
    std::string page = "https://login.example.com/device";

    static oauth::testing::authorization_server_options options()
    {
        auto made = P::options(personality::standard);
        made.users[0].password = "right";
        made.clients[0].name = "A <script> & co";
        return made;
    }

    std::string code() const { return P::text(codes, "user_code"); }

    oauth::result<void> enter(std::string const& user_code, user_choice choice = user_choice::accept, std::string password = "right")
    {
        return oauth::testing::user_agent(line, "alex@contoso.example", std::move(password)).enter_code(page, user_code, choice);
    }

    std::string shown(std::string const& form = {}) const
    {
        auto const answer = form.empty() ? probe.get(page) : probe.server.handle(P::form_request(page, form));
        return std::to_string(answer.status) + ' ' + std::string(answer.body.reveal());
    }

    bool shows(std::string const& text, std::string const& form = {}) const { return shown(form).find(text) != std::string::npos; }
};

} // namespace

BOOST_AUTO_TEST_CASE(the_user_sees_what_is_asked_before_allowing_it)
{
    desk here;
    BOOST_TEST(here.shows("200 <!DOCTYPE html>"));
    BOOST_TEST(here.shows("Enter code"));
    auto const consent = "user_code=" + here.code();
    BOOST_TEST(here.shows("Sign you in and read your profile", consent));
    BOOST_TEST(here.shows(here.code(), consent));
    BOOST_TEST(here.shows("A &lt;script&gt; &amp; co", consent));
    BOOST_TEST(here.shows("&lt;b&gt;", consent));
    // One that skips the page has allowed nothing.
    BOOST_TEST(here.shows("would like to", consent + "&choice=accept&username=alex@contoso.example&password=right"));
    BOOST_TEST(here.probe.server.counts().sign_ins == 0u);
    BOOST_TEST(here.enter(here.code()).has_value());
    BOOST_TEST(here.probe.server.counts().sign_ins == 1u);
    BOOST_TEST(here.line.sent() == 3u);
}

BOOST_AUTO_TEST_CASE(the_page_says_who_can_sign_in)
{
    desk here;
    auto const consent = "user_code=" + here.code();
    BOOST_TEST(here.shows("This server knows <strong>alex@contoso.example</strong>.</p>", consent));   // with a password of their own
    BOOST_TEST(here.shows("required value=\"alex@contoso.example\"", consent));
    BOOST_TEST(oauth::testing::user_agent(here.line, "", "right").enter_code(here.page, here.code()).has_value());
}

// A link with the code in it still shows the code first (RFC 8628 5.4).
BOOST_AUTO_TEST_CASE(the_complete_uri)
{
    desk here;
    here.page = P::text(here.codes, "verification_uri_complete");
    BOOST_TEST(here.shows("value=\"" + here.code() + '"'));
    BOOST_TEST(here.shows("Enter code"));
    BOOST_TEST(here.enter(here.code()).has_value());
    here.page = "https://login.example.com/device?user_code=%22%3E%3Cscript%3E";
    BOOST_TEST(here.shows("value=\"&quot;&gt;&lt;script&gt;\""));
}

BOOST_AUTO_TEST_CASE(codes_are_taken_as_people_type_them)
{
    desk here;
    std::string typed;
    for (char const c : here.code()) typed += c == '-' ? ' ' : static_cast<char>(c - 'A' + 'a');
    BOOST_TEST(here.enter(typed).has_value());
    BOOST_TEST(here.enter(here.code()).has_error());   // it is done
}

BOOST_AUTO_TEST_CASE(what_is_not_right_is_asked_again)
{
    desk here;
    BOOST_TEST(here.shows("That code is not right", "user_code=XXXX-XXXX"));
    BOOST_TEST(here.shows("That code is not right", "user_code="));
    BOOST_TEST(here.shows("That code is not right", "user_code=%zz"));
    BOOST_TEST(here.shows("That code is not right", "user_code=" + here.code() + "&user_code=" + here.code()));
    BOOST_TEST((here.enter("XXXX-XXXX").error().code == oauth::errc::sign_in_cancelled));
    BOOST_TEST((here.enter(here.code(), user_choice::accept, "wrong").error().code == oauth::errc::sign_in_cancelled));
    BOOST_TEST(here.shows("The account or the password is not right", "step=consent&choice=accept&username=%3Cx%3E&user_code=" + here.code()));
    BOOST_TEST(here.shows("value=\"&lt;x&gt;\"", "step=consent&choice=accept&username=%3Cx%3E&user_code=" + here.code()));
    BOOST_TEST(here.enter(here.code()).has_value());
}

BOOST_AUTO_TEST_CASE(the_user_declines)
{
    desk here;
    BOOST_TEST(here.enter(here.code(), user_choice::cancel).has_value());
    BOOST_TEST(here.probe.server.counts().cancellations == 1u);
    BOOST_TEST(here.enter(here.code()).has_error());
}

BOOST_AUTO_TEST_CASE(the_code_ends)
{
    desk here;
    here.probe.clock.advance(15min);
    BOOST_TEST(here.enter(here.code()).has_error());
    BOOST_TEST(!here.probe.server.enter_code(here.code()));
}

BOOST_AUTO_TEST_CASE(other_methods_and_pages)
{
    desk here;
    BOOST_TEST(here.probe.server.handle({.method = oauth::http_method::put, .url = here.page}).status == 405);
    here.page = "https://login.example.com/nowhere";
    auto const nothing = here.enter(here.code()).error();
    BOOST_TEST((nothing.code == oauth::errc::unexpected_status));
    BOOST_TEST(nothing.http_status == 404);
    here.page = "not a URL";
    BOOST_TEST((here.enter(here.code()).error().code == oauth::errc::invalid_url));
    here.page = "https://elsewhere.example/";
    BOOST_TEST((here.enter(here.code()).error().code == oauth::errc::connect_failed));
}

BOOST_AUTO_TEST_SUITE_END()
