#include <oauth/error/failure.hpp>
#include <oauth/error/result.hpp>
#include <boost/test/unit_test.hpp>
#include <limits>
#include <set>
#include <sstream>
#include <string>

BOOST_AUTO_TEST_SUITE(error_failure)

BOOST_AUTO_TEST_CASE(advice_has_names)
{
    using enum oauth::advice;
    std::set<std::string_view> seen;
    for (auto value : {retry, retry_after, sign_in_again, consent, fix_configuration, give_up}) BOOST_TEST(seen.insert(oauth::to_string(value)).second);
    BOOST_TEST(oauth::to_string(sign_in_again) == "sign_in_again");
    BOOST_TEST(oauth::to_string(static_cast<oauth::advice>(99)) == "give_up");
}

BOOST_AUTO_TEST_CASE(made_of_each_kind_of_code)
{
    oauth::failure const nothing;
    BOOST_TEST(!nothing.code.failed());
    BOOST_TEST((nothing.next == oauth::advice::give_up));

    oauth::failure const ours(oauth::errc::no_session, oauth::advice::sign_in_again, "hint");
    BOOST_TEST((ours.code == oauth::errc::no_session));
    BOOST_TEST((ours.next == oauth::advice::sign_in_again));
    BOOST_TEST(ours.hint == "hint");
    BOOST_TEST(ours.http_status == 0);
    BOOST_TEST(!ours.retry_after.has_value());
    BOOST_TEST(ours.server.empty());

    oauth::failure const theirs(oauth::server_errc::invalid_grant, oauth::advice::sign_in_again);
    BOOST_TEST((theirs.code == oauth::server_errc::invalid_grant));
    BOOST_TEST(theirs.hint.empty());

    oauth::failure const systems(oauth::error_code(2, boost::system::generic_category()), oauth::advice::retry);
    BOOST_TEST((systems.code.category() == boost::system::generic_category()));
}

BOOST_AUTO_TEST_CASE(server_message_is_empty_when_nothing_was_said)
{
    oauth::server_message said;
    BOOST_TEST(said.empty());
    said.trace_id = "a trace alone says nothing of the failure";
    BOOST_TEST(said.empty());
    said.body_excerpt = "nor does what somebody in between has written";
    BOOST_TEST(said.empty());

    auto with = [](auto set) {
        oauth::server_message message;
        set(message);
        return !message.empty();
    };
    BOOST_TEST(with([](auto& m) { m.error = "x"; }));
    BOOST_TEST(with([](auto& m) { m.error_description = "x"; }));
    BOOST_TEST(with([](auto& m) { m.suberror = "x"; }));
    BOOST_TEST(with([](auto& m) { m.error_codes = {1}; }));
}

struct escaped_case
{
    std::string_view text;
    std::size_t limit;
    std::string_view expected;
};

BOOST_AUTO_TEST_CASE(escaped_text_is_one_printable_line)
{
    using namespace std::string_view_literals;
    for (auto const& [text, limit, expected] : {
             escaped_case{"", 512, ""},
             escaped_case{"plain text, with <b>", 512, "plain text, with <b>"},
             escaped_case{"two\r\nlines", 512, "two lines"},
             escaped_case{"\x1b[2J", 512, "\\x1b[2J"},
             escaped_case{"nul\0here"sv, 512, "nul\\x00here"},
             escaped_case{"\x7f\t", 512, "\\x7f\\x09"},
             escaped_case{"caf\xc3\xa9", 512, "caf\\xc3\\xa9"},
             escaped_case{"back\\slash", 512, "back\\\\slash"},
             escaped_case{"\\x1b", 512, "\\\\x1b"},
             escaped_case{"\xff\xfe", 512, "\\xff\\xfe"},
             escaped_case{"12345", 5, "12345"},
             escaped_case{"123456", 5, "12345..."},
             escaped_case{"x", 0, "..."},
         })
        BOOST_TEST(oauth::escaped(text, limit) == expected);
}

BOOST_AUTO_TEST_CASE(escaped_never_lets_a_control_through)
{
    std::string all;
    for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
    for (char c : oauth::escaped(all)) BOOST_TEST((c >= 0x20 && c < 0x7f));
    BOOST_TEST(oauth::escaped(std::string(100'000, 'a')).size() == 512u + 3u);
}

BOOST_AUTO_TEST_CASE(described_for_a_person)
{
    oauth::failure why(oauth::server_errc::invalid_grant, oauth::advice::retry_after, "our hint");
    why.http_status = 429;
    why.retry_after = std::chrono::seconds{60};
    why.server = {.error = "invalid_grant", .error_description = "AADSTS1: text\r\nTrace ID: 7\x1b[31m", .error_uri = "https://a.example/?code=1",
        .suberror = "bad_token", .error_codes = {1}, .claims = "{\"hidden\":1}", .trace_id = "t-1", .correlation_id = "c-1", .timestamp = "now"};
    BOOST_TEST(oauth::describe(why) == "the server refused: invalid_grant\n"
                                       "  hint: our hint\n"
                                       "  what to do next: try again after 60 s\n"
                                       "  HTTP status: 429\n"
                                       "  the server's error: invalid_grant\n"
                                       "  the server's suberror: bad_token\n"
                                       "  the server says: AADSTS1: text Trace ID: 7\\x1b[31m\n"
                                       "  more at: https://a.example/?code=1\n"
                                       "  trace id: t-1\n"
                                       "  correlation id: c-1");
    std::ostringstream out;
    out << why;
    BOOST_TEST(out.str() == oauth::describe(why));
}

BOOST_AUTO_TEST_CASE(described_without_what_is_not_known)
{
    BOOST_TEST(oauth::describe(oauth::failure(oauth::errc::no_session, oauth::advice::sign_in_again)) == "nobody is signed in\n  what to do next: sign in again");
}

BOOST_AUTO_TEST_CASE(what_to_do_next_is_a_sentence)
{
    using oauth::advice;
    for (auto const next : {advice::retry, advice::retry_after, advice::sign_in_again, advice::consent, advice::fix_configuration, advice::give_up})
    {
        oauth::failure why(oauth::errc::no_session, next);
        auto const said = oauth::describe(why);
        BOOST_TEST(said == "nobody is signed in\n  what to do next: " + std::string(oauth::describe(next)));
        BOOST_TEST(said.find('_') == std::string::npos, said);   // no enumerator's name, and a name of nothing else in it
        why.retry_after = std::chrono::seconds{7};
        bool const same_call = next == advice::retry || next == advice::retry_after;
        std::string const wait = next == advice::sign_in_again ? ", after 7 s" : "\n  the server asks to wait: 7 s";
        BOOST_TEST(oauth::describe(why) == (same_call ? "nobody is signed in\n  what to do next: try again after 7 s" : said + wait));
    }
    // A hint knows better which setting it is: it may be a full disk.
    BOOST_TEST(oauth::describe(oauth::failure(oauth::errc::invalid_client, advice::fix_configuration, "client.id is empty")).ends_with(
        "\n  hint: client.id is empty\n  what to do next: correct the configuration, as the hint says"));
    BOOST_TEST(std::string(oauth::describe(advice::fix_configuration)).find("redirect URI") != std::string::npos);
    BOOST_TEST(oauth::describe(static_cast<advice>(99)) == oauth::describe(advice::give_up));
}

BOOST_AUTO_TEST_CASE(an_excerpt_is_described_and_nothing_else)
{
    oauth::failure why(oauth::errc::unexpected_status, oauth::advice::retry);
    why.http_status = 403;
    why.server.body_excerpt = "<h1>Blocked\x1b[2J</h1>\r\n";
    BOOST_TEST(oauth::describe(why) == "the server answered with an HTTP error\n"
                                       "  what to do next: try again in a little while; it may pass\n"
                                       "  HTTP status: 403\n"
                                       "  the answer begins (whoever wrote it): <h1>Blocked\\x1b[2J</h1> ");
    BOOST_TEST(std::string(oauth::error(why).what()).find("Blocked") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
