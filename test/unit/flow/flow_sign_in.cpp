#include <oauth/flow/flow.hpp>
#include <boost/test/unit_test.hpp>
#include <oauth/policy/receiver/pasted.hpp>
#include <oauth/testing/scripted_transport.hpp>
#include "../../support/flow_fixture.hpp"
#include <functional>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// From the browser to the tokens: sign_in, and what it takes for the answer to its question.
namespace {

using namespace oauth;
using namespace oauth::test;

struct note
{
    std::string registered, opened;
    std::vector<reception> said;
    int received = 0;
};

struct fake_browser
{
    std::shared_ptr<note> notes;
    bool broken = false;

    result<void> open(std::string const& url)
    {
        notes->opened = url;
        if (broken) return failure(errc::browser_unavailable, advice::give_up);
        return {};
    }
};

/// Shows the judge what `come` makes of the URL that was opened, one text after the other.
struct fake_receiver
{
    std::shared_ptr<note> notes;
    std::function<std::vector<std::string>(std::string const& url)> come;
    std::string uri = "http://localhost:8401/";
    bool broken = false;

    result<std::string> prepare(std::string const& registered)
    {
        notes->registered = registered;
        if (broken) return failure(errc::port_in_use, advice::fix_configuration);
        return uri;
    }

    template <class Judge>
    result<std::string> receive(Judge judge)
    {
        ++notes->received;
        for (auto const& text : come(notes->opened))
        {
            notes->said.push_back(judge(text));
            if (notes->said.back() != reception::stranger) return text;
        }
        return failure(errc::sign_in_timeout, advice::retry);
    }
};
static_assert(check_redirect_receiver<fake_receiver>());
static_assert(check_browser<fake_browser>());

/// What is pasted in a terminal may be the code alone.
struct pasting_receiver : fake_receiver
{
    static constexpr bool takes_bare_codes = true;
};

struct posted_receiver : fake_receiver
{
    static constexpr std::string_view preferred_response_mode = "form_post";
};

struct receiver_that_takes_none : fake_receiver
{
    static constexpr bool takes_bare_codes = false;
};

std::string parameter(std::string const& url, std::string_view name)
{
    auto const parameters = parse_form(std::string_view(url).substr(url.find('?') + 1)).value();
    return std::string(find_parameter(parameters, name).value_or(""));
}

/// Somebody who signs in, and types what `copies` makes of the URL that the browser then shows.
struct typing_browser
{
    strict_server server;
    std::stringstream* keyboard;
    std::string (*copies)(std::string const& shown);

    result<void> open(std::string const& url)
    {
        *keyboard << copies(server.sign_in(url)) << '\n';
        return {};
    }
};

struct desk : flow_fixture<>
{
    std::shared_ptr<note> notes = std::make_shared<note>();

    template <class Receiver = fake_receiver>
    result<token_response> run(std::function<std::vector<std::string>(std::string const&)> come, authorization_options options = {}, account const& whose = {})
    {
        return graph.sign_in(fake_browser{notes}, Receiver{notes, std::move(come)}, std::move(options), whose);
    }

    auto user() { return [this](std::string const& url) { return std::vector<std::string>{server.sign_in(url)}; }; }
};

constexpr auto stranger = reception::stranger, granted = reception::granted, refused = reception::refused;

} // namespace

BOOST_AUTO_TEST_SUITE(flow_flow_sign_in)

BOOST_AUTO_TEST_CASE(from_beginning_to_end)
{
    desk here;
    auto const tokens = here.run(here.user());
    BOOST_TEST_REQUIRE(tokens.has_value());
    BOOST_TEST(here.notes->registered == "http://localhost:8400/");
    BOOST_TEST(parameter(here.notes->opened, "redirect_uri") == "http://localhost:8401/");
    BOOST_TEST((here.notes->said == std::vector{granted}));
    BOOST_TEST(here.token() == tokens->access_token.reveal());
}

BOOST_AUTO_TEST_CASE(with_options_and_an_account)
{
    desk here;
    auto const tokens = here.run(here.user(), {.prompt = "select_account", .redirect_uri = "http://localhost:9000/"}, {"ann"});
    BOOST_TEST(tokens.has_value());
    BOOST_TEST(here.notes->registered == "http://localhost:9000/");
    BOOST_TEST(parameter(here.notes->opened, "prompt") == "select_account");
    BOOST_TEST(here.graph.access_token(account{"ann"}).has_value());
    BOOST_TEST(here.graph.access_token().has_error());
}

BOOST_AUTO_TEST_CASE(strangers_do_not_end_it)
{
    desk here;
    auto const tokens = here.run([&](std::string const& url) {
        std::string const mine = "http://localhost:8401/";
        return std::vector<std::string>{
            "", " ", "#", "http://localhost:8401/", "/favicon.ico", "http://localhost:8401/?", "http://localhost:8401/favicon.ico",
            mine + "?code=stolen", mine + "?code=stolen&state=", mine + "?code=stolen&state=guess", mine + "?error=access_denied",
            mine + "?error=access_denied&state=guess", "code=stolen&state=guess", "stolen-code", "error=access_denied&error_subcode=cancel",
            "http://evil.example/?code=x&state=" + parameter(url, "state"), mine + "?state=" + parameter(url, "state"),
            mine + "?code=%zz&state=guess", mine + "?code=a&code=b&state=guess", mine + "?code=a&code=b", mine + "?code=a&code=b&state=%zz",
            mine + "?code=a&state=" + parameter(url, "state") + "&state=guess", mine + "?code=%zz&state=guess&state=" + parameter(url, "state"),
            std::string(70'000, 'x'),
            here.server.sign_in(url)};
    });
    BOOST_TEST_REQUIRE(tokens.has_value());
    BOOST_TEST(here.notes->said.size() == 25U);
    for (std::size_t i = 0; i + 1 < here.notes->said.size(); ++i) BOOST_TEST((here.notes->said[i] == stranger), "text " << i << " is taken for the answer");
    BOOST_TEST((here.notes->said.back() == granted));
}

BOOST_AUTO_TEST_CASE(an_error_with_our_state_ends_it)
{
    std::string many;
    for (int i = 0; i != 256; ++i) (many += "&p") += std::to_string(i);
    struct
    {
        std::string answer;
        error_code why;
    } const rows[] = {
        {"error=access_denied", server_errc::access_denied},
        {"error=consent_required&error_description=AADSTS65001", server_errc::consent_required},
        {"error=made_up", server_errc::unrecognized},
        {"error=access_denied&error_subcode=cancel", errc::sign_in_cancelled},
        {"code=x&error=access_denied", errc::code_and_error},
        {"code=", errc::code_empty},
        {"code=x&iss=https%3A%2F%2Fevil.example", errc::issuer_mismatch},
        {"code=a&code=b", errc::duplicate_parameter},
        {"code=%zz", errc::malformed_encoding},
        {"code=x" + many, errc::too_many_parameters},
        {"code=x&state=OURS", errc::duplicate_parameter},   // told twice it is ours all the same
    };
    for (auto const& given : rows)
        BOOST_TEST_CONTEXT(given.answer)
        {
            desk here;
            auto const outcome = here.run([&](std::string const& url) {
                auto answer = given.answer;
                if (auto const at = answer.find("OURS"); at != answer.npos) answer.replace(at, 4, parameter(url, "state"));
                return std::vector<std::string>{"http://localhost:8401/?" + answer + "&state=" + parameter(url, "state"), here.server.sign_in(url)};
            });
            BOOST_TEST(outcome.error().code == given.why);
            BOOST_TEST((here.notes->said == std::vector{refused}));
            BOOST_TEST(here.server.counts().token_requests == 0U);
        }
    // The same, as it comes from the user.
    desk here;
    auto const cancelled = here.run([&](std::string const& url) { return std::vector<std::string>{here.server.sign_in(url, testing::user_choice::cancel)}; });
    BOOST_TEST(cancelled.has_error());
    BOOST_TEST((here.notes->said == std::vector{refused}));
}

// What a person has copied may have lost something on its way: it is asked for again.
BOOST_AUTO_TEST_CASE(a_torn_answer_may_be_pasted_again)
{
    desk here;
    auto const tokens = here.run<pasting_receiver>([&](std::string const& url) {
        auto const shown = here.server.sign_in(url);
        auto const with = [&](std::string_view more) { return std::string(shown).insert(shown.find('?') + 1, more); };
        return std::vector<std::string>{with("session_state=a%2&"), with("code=x&"), shown};
    });
    BOOST_TEST(tokens.has_value());
    BOOST_TEST((here.notes->said == std::vector{stranger, stranger, granted}));
}

BOOST_AUTO_TEST_CASE(a_promised_issuer_must_be_there)   // RFC 9207
{
    auto options = example_options();
    options.kind = testing::personality::standard;
    auto who = example_client();
    who.scope = "read offline_access";
    flow_fixture here(options, who);
    auto const notes = std::make_shared<note>();
    auto const without_issuer = [&](std::string const& url) {
        auto redirect = here.server.sign_in(url);
        auto const at = redirect.find("iss=");
        BOOST_TEST_REQUIRE(at != redirect.npos);
        return std::vector<std::string>{redirect.erase(at, redirect.find('&', at) - at)};
    };
    BOOST_TEST(here.graph.sign_in(fake_browser{notes}, fake_receiver{notes, without_issuer}).error().code == errc::issuer_missing);
    BOOST_TEST((notes->said == std::vector{refused}));
    BOOST_TEST(here.graph.sign_in(fake_browser{notes}, fake_receiver{notes, [&](std::string const& url) { return std::vector{here.server.sign_in(url)}; }}).has_value());
}

BOOST_AUTO_TEST_CASE(bare_codes_only_where_the_receiver_says_so)
{
    auto const bare = [](desk& here) {
        return [&here](std::string const& url) { return std::vector{parameter(here.server.sign_in(url), "code")}; };
    };
    desk plain, none, pasted, empty;
    BOOST_TEST(plain.run(bare(plain)).error().code == errc::sign_in_timeout);
    BOOST_TEST((plain.notes->said == std::vector{stranger}));
    BOOST_TEST(none.run<receiver_that_takes_none>(bare(none)).error().code == errc::sign_in_timeout);
    BOOST_TEST(pasted.run<pasting_receiver>(bare(pasted)).has_value());
    BOOST_TEST((pasted.notes->said == std::vector{granted}));
    // Nothing but the Enter key is no answer.
    BOOST_TEST(empty.run<pasting_receiver>([&](std::string const& url) { return std::vector<std::string>{"", "  ", empty.server.sign_in(url)}; }).has_value());
    BOOST_TEST((empty.notes->said == std::vector{stranger, stranger, granted}));
}

BOOST_AUTO_TEST_CASE(bare_codes_only_where_the_sign_in_allows_them)
{
    auto const bare = [](desk& here) {
        return [&here](std::string const& url) { return std::vector{parameter(here.server.sign_in(url), "code")}; };
    };
    desk here;
    BOOST_TEST(here.run<pasting_receiver>(bare(here), {.bare_code = bare_code::refused}).error().code == errc::sign_in_timeout);
    BOOST_TEST((here.notes->said == std::vector{stranger}));

    // By hand: the same, and then the whole answer of the same sign-in.
    auto pending = here.graph.authorize({.bare_code = bare_code::refused}).value();
    auto const redirect = here.server.sign_in(pending.url);
    BOOST_TEST(here.graph.exchange(std::move(pending), parameter(redirect, "code")).error().code == errc::bare_code_refused);
    BOOST_TEST(here.graph.exchange(std::move(pending), redirect).has_value());

    // A server that promises `iss` (RFC 9207): not by default, but for those who say that they will do without it.
    auto promising = here.server.metadata();
    promising.authorization_response_iss_parameter_supported = true;
    flow standard{promising, here.graph.registration(), here.graph.transport(), here.clock};
    auto begun = standard.authorize().value();
    auto const code = parameter(here.server.sign_in(begun.url), "code");
    BOOST_TEST(standard.exchange(std::move(begun), code).error().code == errc::bare_code_refused);
    begun.bare_code = bare_code::accepted;
    BOOST_TEST(standard.exchange(std::move(begun), code).has_value());
}

BOOST_AUTO_TEST_CASE(pasted_takes_what_its_prompt_offers)
{
    auto const whole = [](std::string const& shown) { return shown; };
    auto const code = [](std::string const& shown) { return parameter(shown, "code"); };
    auto const wrong_first = [](std::string const& shown) { return "http://localhost:8400/?code=stolen&state=guess\n" + parameter(shown, "code"); };
    for (auto* const copies : {+whole, +code, +wrong_first})
    {
        desk here;
        std::stringstream keyboard;
        std::ostringstream screen;
        auto const tokens = here.graph.sign_in(typing_browser{here.server, &keyboard, copies}, pasted{keyboard, screen});
        BOOST_TEST_REQUIRE(tokens.has_value(), (tokens ? std::string() : describe(tokens.error())) << screen.str());
        BOOST_TEST(here.token() == tokens->access_token.reveal());
        BOOST_TEST(here.server.counts().code_exchanges == 1U);
    }
}

BOOST_AUTO_TEST_CASE(the_receiver_s_response_mode_where_the_server_has_it)   // a code that is posted stands in no history
{
    desk here;
    BOOST_TEST(here.run<posted_receiver>(here.user()).has_value());
    BOOST_TEST(parameter(here.notes->opened, "response_mode") == "form_post");
    BOOST_TEST(here.run<posted_receiver>(here.user(), {.response_mode = "query"}).has_value());
    BOOST_TEST(parameter(here.notes->opened, "response_mode") == "query");
    BOOST_TEST(here.run<posted_receiver>(here.user(), {.extra = {{"response_mode", "query"}}}).has_value());
    BOOST_TEST(parameter(here.notes->opened, "response_mode") == "query");
    BOOST_TEST(here.run(here.user()).has_value());
    BOOST_TEST(parameter(here.notes->opened, "response_mode") == "");

    auto unknown = here.server.metadata();
    BOOST_TEST(!unknown.response_modes_supported.empty());
    unknown.response_modes_supported = {"query", "fragment"};
    desk::flow_type other(unknown, example_client(), here.line, here.store, here.clock);
    BOOST_TEST(other.sign_in(fake_browser{here.notes}, posted_receiver{{here.notes, here.user()}}).has_value());
    BOOST_TEST(parameter(here.notes->opened, "response_mode") == "");
}

BOOST_AUTO_TEST_CASE(what_fails_on_the_way)
{
    desk here;
    auto const port = here.graph.sign_in(fake_browser{here.notes}, fake_receiver{here.notes, here.user(), "", true});
    BOOST_TEST(port.error().code == errc::port_in_use);
    BOOST_TEST(here.notes->opened.empty());

    auto const uri = here.graph.sign_in(fake_browser{here.notes}, fake_receiver{here.notes, here.user()}, {.scope = "a\"b"});
    BOOST_TEST(uri.error().code == errc::invalid_scope);
    BOOST_TEST(here.notes->opened.empty());

    auto const browser = here.graph.sign_in(fake_browser{here.notes, true}, fake_receiver{here.notes, here.user()});
    BOOST_TEST(browser.error().code == errc::browser_unavailable);   // at once: nobody waits
    BOOST_TEST(here.notes->received == 0);

    BOOST_TEST(here.run([](std::string const&) { return std::vector<std::string>{}; }).error().code == errc::sign_in_timeout);

    here.server.fail_next(testing::fault::service_unavailable);
    BOOST_TEST(here.run(here.user()).error().code == errc::unexpected_status);
    BOOST_TEST(here.graph.access_token().error().code == errc::no_session);
    BOOST_TEST(here.run(here.user(), {}, {""}).error().code == errc::invalid_account);
    BOOST_TEST(here.run(here.user()).has_value());
}

BOOST_AUTO_TEST_CASE(nobody_signs_in_for_tokens_that_can_not_be_kept)
{
    desk here;
    here.store.deny("probe");
    BOOST_TEST(here.run(here.user()).error().code == errc::store_not_writable);
    BOOST_TEST(here.run(here.user(), {}, {""}).error().code == errc::invalid_account);
    BOOST_TEST(here.notes->registered.empty());
    BOOST_TEST(here.notes->opened.empty());
    BOOST_TEST(here.server.counts().authorization_requests == 0U);
    BOOST_TEST(here.run(here.user()).has_value());
}

BOOST_AUTO_TEST_CASE(step_by_step_one_asks_beforehand_whether_the_tokens_could_be_kept)
{
    desk here;
    here.store.deny("probe");
    BOOST_TEST(here.graph.probe().error().code == errc::store_not_writable);
    BOOST_TEST(here.graph.probe({""}).error().code == errc::invalid_account);
    BOOST_TEST(here.graph.probe().has_value());
    BOOST_TEST(here.graph.probe({"another"}).has_value());
    // It is asked of the very session that a sign-in would write.
    BOOST_TEST(here.run(here.user()).has_value());
    auto const keys = here.store.keys();
    BOOST_TEST_REQUIRE(keys.size() > 3U);
    BOOST_TEST(keys[1] == keys.back());
    BOOST_TEST(keys[2] != keys.back());
}

BOOST_AUTO_TEST_CASE(a_form_post_is_an_answer_too)
{
    desk here;
    BOOST_TEST(here.run(here.user(), {.response_mode = "form_post"}).has_value());
    BOOST_TEST(parameter(here.notes->opened, "response_mode") == "form_post");
}

BOOST_AUTO_TEST_SUITE_END()
