// Wrong settings of the examples: each is said at once, before anybody is asked, and the exit status is that of a wrong setting.

#include "../support/example_program.hpp"
#include "../support/example_server.hpp"
#include <boost/test/unit_test.hpp>
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace oauth;
using namespace oauth::test;

constexpr auto pipes = example_program::place::pipes;
constexpr auto terminal = example_program::place::terminal;

// What comes to settings that are good, and what is said of it.
struct
{
    std::vector<std::string> flags;
    char const* says;
} const wrong[] = {
    {{"--ca-file", "no-such-file.pem"}, "CA_FILE (--ca-file): no-such-file.pem: No such file or directory\n"},
    {{"--ca-file", "/dev/null"}, "CA_FILE (--ca-file): /dev/null: it holds no certificate"},
    {{"--ca-file", "/tmp"}, "CA_FILE (--ca-file): /tmp: it is a directory"},
    {{"--response-mode", "fragment"}, "--response-mode fragment: a browser sends no fragment to a server"},
    {{"--response-mode", "web_message"}, "--response-mode: there is no 'web_message'; known are query, form_post and fragment"},
    {{"--redirect-uri", "http://app.example/"}, "REDIRECT_URI (--redirect-uri): http://app.example/ can't be where the browser comes back to"},
    {{"--redirect-uri", "http://app.example/", "--paste"}, "REDIRECT_URI (--redirect-uri): http://app.example/ can't be where the browser comes back to"},
    {{"--redirect-uri", "ftp://localhost/"}, "REDIRECT_URI (--redirect-uri): ftp://localhost/ can't be where the browser comes back to"},
    {{"--graph", "nonsense"}, "GRAPH_URL (--graph): nonsense: "},
    {{"--graph", "http://graph.example"}, "GRAPH_URL (--graph): http://graph.example: "},
    {{"--graph", "https://graph.microsoft.com?x=y"}, "GRAPH_URL (--graph): https://graph.microsoft.com?x=y: name scheme and host alone, without a query"},
    {{"--graph", "https://graph.microsoft.com/v1.0"}, "GRAPH_URL (--graph): https://graph.microsoft.com/v1.0: name scheme and host alone, without a path"},
    {{"--no-browser=1"}, "--no-browser takes no value; see --help\n"},
    {{"--auto"}, "--auto is for the built-in provider, but the settings name another"},
    {{"--authority", "https://accounts.google.com"}, "AUTHORITY (--authority): the endpoints of accounts.google.com are not laid out as Microsoft's; 08_openid_sign_in signs in at any"},
    {{"--authority", "https://dev-1.OKTA.com/oauth2/default"}, "AUTHORITY (--authority): the endpoints of dev-1.okta.com are not laid out as Microsoft's"},
    {{"--issuer", "https://idp.example"}, "unknown argument '--issuer'; see --help\n"},
    {{"--port", "8400"}, "unknown argument '--port'; see --help\n"},
};

// The flags of each program, beside --tenant-id, --client-id, --authority, --resource, --ca-file and --v1, which all have.
struct
{
    char const* name;
    std::vector<std::string> has;
} const programs[] = {
    {"01_graph_tokens", {"--client-secret", "--redirect-uri", "--scope", "--store", "--graph", "--paste", "--no-browser", "--new", "--prompt", "--response-mode", "--auto", "--json", "--table"}},
    {"02_graph_bookings", {"--client-secret", "--redirect-uri", "--scope", "--store", "--graph", "--paste", "--no-browser", "--new", "--prompt", "--response-mode", "--auto"}},
    {"04_device_login", {"--client-secret", "--scope", "--store", "--graph", "--new", "--auto", "--json", "--table"}},
    {"05_daemon_certificate", {"--scope", "--graph", "--key", "--certificate"}},
    {"06_web_application", {"--client-secret", "--redirect-uri", "--scope", "--graph", "--auto", "--port", "--seconds"}},
    {"07_on_behalf_of_api", {"--client-secret", "--graph", "--no-browser", "--auto", "--port", "--seconds"}},
    {"08_openid_sign_in", {"--client-secret", "--redirect-uri", "--scope", "--no-browser", "--prompt", "--response-mode", "--auto", "--issuer"}},
};
constexpr char const* of_some[] = {"--client-secret", "--redirect-uri", "--scope", "--store", "--graph", "--paste", "--no-browser", "--new", "--prompt", "--response-mode", "--auto", "--json",
                                   "--table", "--key", "--certificate", "--port", "--seconds", "--issuer"};

// What contradicts the built-in provider, and where it is said: with nobody at the terminal, or with somebody too.
struct
{
    std::vector<std::string> flags;
    bool at_a_terminal_too;
    char const* says;
} const not_built_in[] = {
    {{"--store", "tokens"}, true, "--store: nothing is kept of the built-in provider"},
    {{"--store=tokens", "--new"}, true, "--store: nothing is kept of the built-in provider"},
    {{"--graph", "https://graph.microsoft.com"}, true, "--graph: the built-in provider has a Graph of its own"},
    {{"--resource", "https://graph.microsoft.com"}, true, "--resource is for servers that ask by resource"},
    {{"--v1"}, true, "--v1 is for Microsoft and its like"},
    {{"--auto", "--paste"}, true, "--auto has a built-in user agent sign in; it takes neither --paste nor --no-browser\n"},
    {{"--auto", "--no-browser"}, true, "--auto has a built-in user agent sign in; it takes neither --paste nor --no-browser\n"},
    {{"--paste"}, false, "--paste and --no-browser are for a user at a terminal: standard input is none"},
    {{"--no-browser"}, false, "--paste and --no-browser are for a user at a terminal: standard input is none"},
};

/// Does the query of `url` have this parameter? With any value where it is empty.
bool asks_for(std::string const& url, std::string const& resource) { return url.find("&resource=" + resource) != std::string::npos; }

} // namespace

BOOST_AUTO_TEST_SUITE(example_settings_of_a_program)

BOOST_AUTO_TEST_CASE(are_refused_at_once)
{
    if (examples_are_missing()) return;
    example_server server;
    for (auto const* name : {"01_graph_tokens", "02_graph_bookings"})
        for (auto const& row : wrong)
        {
            scratch_folder here;
            auto words = server.words(name, here.path("tokens"), row.flags);
            example_program program(here, pipes, words);
            BOOST_TEST(program.status() == 2, row.says << program.messages());
            BOOST_TEST(program.messages().starts_with(row.says), program.messages());
            BOOST_TEST(program.out() == "");
            BOOST_TEST(here.contents() == "");
        }
    BOOST_TEST(server.identity.counts().authorization_requests == 0U);
    BOOST_TEST(server.identity.counts().token_requests == 0U);
}

BOOST_AUTO_TEST_CASE(that_contradict_the_built_in_provider_are_refused)
{
    if (examples_are_missing()) return;
    for (auto const* name : {"01_graph_tokens", "02_graph_bookings"})
        for (auto const& row : not_built_in)
            for (auto const where : {pipes, terminal})
            {
                if (where == terminal && !row.at_a_terminal_too) continue;
                scratch_folder here;
                std::vector<std::string> words{name};
                words.insert(words.end(), row.flags.begin(), row.flags.end());
                example_program program(here, where, words);
                BOOST_TEST(program.status() == 2, row.says << program.messages());
                auto said = program.messages();
                std::erase(said, '\r');
                BOOST_TEST(said.starts_with(row.says), said);
                BOOST_TEST(program.out() == "");
                BOOST_TEST(here.contents() == "");
            }
    // A variable may be there for other programs: it is not used, and what is kept is said.
    scratch_folder here;
    example_program program(here, pipes, {"/usr/bin/env", "TOKEN_STORE=" + here.path("tokens"), "RESOURCE=api://x", "GRAPH_URL=https://graph.microsoft.com", example_program::path_of("02_graph_bookings")});
    BOOST_TEST(program.status() == 0, program.messages());
    BOOST_TEST(program.messages().find("It ends with this program: nothing is kept.\n") != std::string::npos, program.messages());
    BOOST_TEST(here.contents() == "");
}

BOOST_AUTO_TEST_CASE(a_resource_is_asked_for_where_it_is_named_and_at_microsoft_s_own)
{
    if (examples_are_missing()) return;
    auto const url_of = [](std::vector<std::string> words, std::string const& variable = "NONE=") {
        scratch_folder here;
        words.insert(words.begin(), {"/usr/bin/env", variable, example_program::path_of("01_graph_tokens"), "--client-id", "the-program", "--redirect-uri", "http://localhost/", "--no-browser"});
        example_program program(here, pipes, words);
        auto url = program.url();
        BOOST_TEST(!url.empty(), program.messages());
        return url;
    };
    // What AD FS calls a resource nobody can guess; Graph it never is.
    std::string const adfs = "https://fs.contoso.com/adfs";
    BOOST_TEST(url_of({"--authority", adfs}).starts_with(adfs + "/oauth2/authorize?"));
    BOOST_TEST(!asks_for(url_of({"--authority", adfs}), ""));
    BOOST_TEST(!asks_for(url_of({"--authority", adfs, "--graph", "https://api.contoso.com"}), ""));
    BOOST_TEST(asks_for(url_of({"--authority", adfs, "--resource", "urn:contoso:api"}), "urn%3Acontoso%3Aapi"));
    BOOST_TEST(asks_for(url_of({"--authority", adfs}, "RESOURCE=urn:contoso:api"), "urn%3Acontoso%3Aapi"));
    BOOST_TEST(asks_for(url_of({"--authority", adfs, "--resource", "urn:contoso:other"}, "RESOURCE=urn:contoso:api"), "urn%3Acontoso%3Aother"));
    // Microsoft's v1 asks for Graph, where nothing else is named; v2 for none.
    BOOST_TEST(asks_for(url_of({"--tenant-id", "contoso.onmicrosoft.com", "--v1"}), "https%3A%2F%2Fgraph.microsoft.com"));
    BOOST_TEST(asks_for(url_of({"--tenant-id", "contoso.onmicrosoft.com", "--v1", "--resource", "https://vault.azure.net"}), "https%3A%2F%2Fvault.azure.net"));
    BOOST_TEST(!asks_for(url_of({"--tenant-id", "contoso.onmicrosoft.com"}), ""));
}

BOOST_AUTO_TEST_CASE(graph_is_not_called_with_the_token_of_a_server_that_has_none)
{
    if (examples_are_missing()) return;
    for (auto const* name : {"02_graph_bookings", "06_web_application", "07_on_behalf_of_api"})
    {
        scratch_folder here;
        std::vector<std::string> words{name, "--authority", "https://fs.contoso.com/adfs", "--client-id", "x", "--client-secret", "y"};
        if (std::string_view(name) != "07_on_behalf_of_api") words.insert(words.end(), {"--redirect-uri", "http://localhost:8400/callback"});
        example_program program(here, pipes, words);
        BOOST_TEST(program.status() == 2, program.messages());
        BOOST_TEST(program.messages().find("no Graph is known for this authority: name it by --graph") != std::string::npos, name << program.messages());
        BOOST_TEST(here.contents() == "");
    }
}

BOOST_AUTO_TEST_CASE(what_is_pasted_comes_by_https_and_by_an_app_s_own_scheme)
{
    if (examples_are_missing()) return;
    example_server server;
    for (auto const* uri : {"https://app.example/callback", "myapp://auth", "msal11111111-2222-4333-8444-555555555555://auth", "urn:ietf:wg:oauth:2.0:oob"})
    {
        scratch_folder here;
        example_program program(here, pipes, server.words("01_graph_tokens", here.path("tokens"), {"--redirect-uri", uri, "--response-mode", "fragment"}));
        BOOST_TEST(program.status() == 3, program.messages());   // there is nobody to paste
        BOOST_TEST(program.messages().find("Paste the whole URL") != std::string::npos, program.messages());
    }
}

BOOST_AUTO_TEST_CASE(a_tenant_that_is_not_used_is_named)
{
    if (examples_are_missing()) return;
    example_server server;
    struct
    {
        char const* tenant;
        bool said;
    } const rows[] = {{"fabrikam.onmicrosoft.com", true}, {"contoso.onmicrosoft.com", false}, {"Contoso.onmicrosoft.com", false}};
    for (auto const& row : rows)
    {
        scratch_folder here;
        example_program program(here, pipes, server.words("01_graph_tokens", here.path("tokens"), {"--paste", "--tenant-id", row.tenant}));
        BOOST_TEST(program.url().find("/contoso.onmicrosoft.com/") != std::string::npos, program.messages());
        auto const note = "TENANT_ID (" + std::string(row.tenant) + ") is not used: the authority says whom to ask, http://127.0.0.1:";
        BOOST_TEST((program.messages().find(note) != std::string::npos) == row.said, program.messages());
        BOOST_TEST((program.messages().find("is not used") != std::string::npos) == row.said, program.messages());
    }
    // An authority without a tenant takes the one that is set.
    scratch_folder here;
    auto words = server.words("01_graph_tokens", here.path("tokens"), {"--paste", "--tenant-id", "fabrikam.onmicrosoft.com"});
    words[2].resize(words[2].rfind('/'));
    example_program program(here, pipes, words);
    BOOST_TEST(program.url().find("/fabrikam.onmicrosoft.com/") != std::string::npos, program.messages());
    BOOST_TEST(program.messages().find("is not used") == std::string::npos, program.messages());
}

BOOST_AUTO_TEST_CASE(that_a_program_has_no_use_for_are_none_of_its_own)
{
    if (examples_are_missing()) return;
    for (auto const& row : programs)
    {
        scratch_folder here;
        example_program help(here, pipes, {row.name, "--help"});
        BOOST_TEST(help.status() == 0);
        for (auto const* flag : {"--tenant-id", "--client-id", "--authority", "--resource", "--ca-file", "--v1"})
            BOOST_TEST(help.out().find("\n  " + std::string(flag) + ' ') != std::string::npos, row.name << ' ' << flag);
        for (std::string const flag : of_some)
        {
            bool const has = std::find(row.has.begin(), row.has.end(), flag) != row.has.end();
            BOOST_TEST((help.out().find("\n  " + flag + ' ') != std::string::npos) == has, row.name << ' ' << flag);
            // No text of another flag speaks of it either.
            if (!has) BOOST_TEST(help.out().find(flag) == std::string::npos, row.name << ' ' << flag);
            if (has) continue;
            example_program refusing(here, pipes, {row.name, flag, "1"});
            BOOST_TEST(refusing.status() == 2, row.name << ' ' << flag);
            BOOST_TEST(refusing.messages() == "unknown argument '" + flag + "'; see --help\n", row.name << ' ' << refusing.messages());
        }
        for (std::string_view rest = help.out(); !rest.empty(); rest.remove_prefix(rest.find('\n') + 1))
            BOOST_TEST(rest.find('\n') <= 160U, row.name << ": " << rest.substr(0, rest.find('\n')));
    }
    // What is no loopback address can't be received, and this one takes nothing pasted.
    scratch_folder here;
    example_program far(here, pipes, {"08_openid_sign_in", "--issuer", "https://accounts.google.com", "--client-id", "x", "--redirect-uri", "https://app.example/callback"});
    BOOST_TEST(far.status() == 2, far.messages());
    BOOST_TEST(far.messages().starts_with("REDIRECT_URI (--redirect-uri): https://app.example/callback: this program receives the answer by itself"), far.messages());
}

BOOST_AUTO_TEST_CASE(the_help_says_what_they_are)
{
    if (examples_are_missing()) return;
    for (auto const* name : {"01_graph_tokens", "02_graph_bookings"})
    {
        scratch_folder here;
        example_program help(here, pipes, {name, "--help"});
        BOOST_TEST(help.status() == 0);
        for (auto const* said : {"where it names the tenant, that one counts, and not TENANT_ID", "\n  4  the session can't be stored", "put aside", "\n  5  standard output can't be written",
                                 "what the server gives meanwhile is stored first", "laid out as Microsoft's", "\n  --resource URI         RESOURCE ", "nothing is kept, and each run signs in anew",
                                 "any password does"})
            BOOST_TEST(help.out().find(said) != std::string::npos, said);
        BOOST_TEST(help.out().find("\n  6  trying again will not help") != std::string::npos);
        for (std::string_view rest = help.out(); !rest.empty(); rest.remove_prefix(rest.find('\n') + 1))
            BOOST_TEST(rest.find('\n') <= 160U, rest.substr(0, rest.find('\n')));
    }
}

BOOST_AUTO_TEST_SUITE_END()
