#include "../../../example/support/settings_fault.hpp"
#include "../../support/certificate.hpp"
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace {

using example::redirect_kind;
using example::settings;
using example::settings_fault;

/// Settings that are good, for a real server.
settings real()
{
    settings out;
    out.tenant_id = "contoso.onmicrosoft.com";
    out.client_id = "the-program";
    out.redirect_uri = "http://localhost:8400/";
    return out;
}

bool says(settings const& given, std::vector<std::string> const& words)
{
    auto const fault = settings_fault(given);
    for (auto const& word : words)
        if (fault.find(word) == std::string::npos)
        {
            BOOST_TEST_MESSAGE("'" << word << "' is not in: " << fault);
            return false;
        }
    return !fault.empty();
}

} // namespace

BOOST_AUTO_TEST_SUITE(example_settings_fault)

BOOST_AUTO_TEST_CASE(where_the_browser_comes_back_to)
{
    for (char const* uri : {"http://localhost", "http://localhost/", "HTTP://LocalHost:8400/callback", "http://localhost:0/", "http://127.0.0.1:1/", "http://127.8.9.1/", "http://[::1]:8400/"})
        BOOST_TEST((example::kind_of_redirect(uri) == redirect_kind::loopback), uri);
    for (char const* uri : {"https://app.example/callback", "https://localhost:8400/", "HTTPS://app.example", "myapp://auth", "msal11111111-2222-4333-8444-555555555555://auth",
                            "com.example.app:/callback", "urn:ietf:wg:oauth:2.0:oob", "ms-appx-web://Microsoft.AAD.BrokerPlugin/x", "localhost:8400/", "nonsense", ""})
        BOOST_TEST((example::kind_of_redirect(uri) == redirect_kind::elsewhere), uri);
    for (char const* uri : {"http://app.example/", "http://192.168.0.1:8400/", "http://127.0.0.1.evil.example/", "http://localhost.example/", "http://0.0.0.0/", "ftp://localhost/", "FTP://x/",
                            "file:///tmp/x", "javascript:alert(1)", "data:text/html,x", "mailto:a@b.example", "ws://localhost/"})
    {
        BOOST_TEST((example::kind_of_redirect(uri) == redirect_kind::refused), uri);
        for (bool const paste : {false, true})
        {
            auto given = real();
            given.redirect_uri = uri;
            given.paste = paste;
            BOOST_TEST(says(given, {"REDIRECT_URI (--redirect-uri): " + std::string(uri), "localhost", "https", "msalthe-program://auth"}), uri);
        }
    }
    BOOST_TEST(settings_fault(real()) == "");
    BOOST_TEST(settings_fault(settings()) == "");
}

BOOST_AUTO_TEST_CASE(how_the_answer_comes_back)
{
    struct
    {
        char const *mode, *received, *pasted;   // a word of what is wrong; nullptr where nothing is
    } const rows[] = {
        {"", nullptr, nullptr},
        {"query", nullptr, nullptr},
        {"form_post", nullptr, nullptr},
        {"fragment", "--paste", nullptr},
        {"query.jwt", nullptr, "can't be pasted"},
        {"form_post.jwt", nullptr, "can't be pasted"},
        {"jwt", nullptr, "can't be pasted"},
        {"fragment.jwt", "--paste", "can't be pasted"},
        {"Query", "known are query, form_post", "known are query, form_post"},
        {"web_message", "known are query, form_post", "known are query, form_post"},
        {"query\x1b[2J", "query\\x1b[2J", "query\\x1b[2J"},
    };
    for (auto const& row : rows)
    {
        auto given = real();
        given.response_mode = row.mode;
        BOOST_TEST((row.received == nullptr ? settings_fault(given).empty() : says(given, {"--response-mode", row.received})), row.mode << ": " << settings_fault(given));
        given.paste = true;
        BOOST_TEST((row.pasted == nullptr ? settings_fault(given).empty() : says(given, {"--response-mode", row.pasted})), row.mode << ": " << settings_fault(given));
        given.paste = false;
        given.redirect_uri = "https://app.example/callback";   // pasted as well
        BOOST_TEST((row.pasted == nullptr ? settings_fault(given).empty() : says(given, {"--response-mode", row.pasted})), row.mode);
        settings built_in;
        built_in.response_mode = row.mode;
        BOOST_TEST((row.received == nullptr ? settings_fault(built_in).empty() : says(built_in, {"--response-mode", row.received})), row.mode);
    }
}

BOOST_AUTO_TEST_CASE(what_excludes_each_other)
{
    auto given = real();
    given.json = true;
    BOOST_TEST(settings_fault(given) == "");
    given.table = true;
    BOOST_TEST(says(given, {"--json", "--table"}));

    given = real();
    given.automatic = true;
    BOOST_TEST(says(given, {"--auto", "built-in", "TENANT_ID"}));
    settings built_in;
    built_in.v1 = true;
    BOOST_TEST(says(built_in, {"--v1", "built-in"}));
    built_in.v1 = false;
    built_in.automatic = true;
    BOOST_TEST(settings_fault(built_in) == "");
    built_in.paste = true;
    BOOST_TEST(says(built_in, {"--auto", "--paste"}));
    built_in.paste = false;
    built_in.no_browser = true;
    BOOST_TEST(says(built_in, {"--auto", "--no-browser"}));
}

BOOST_AUTO_TEST_CASE(certificates_to_trust)
{
    std::string const folder = OAUTH_TEST_FIXTURES;
    auto given = real();
    for (auto const& [file, word] : std::vector<std::pair<std::string, std::string>>{
             {folder + "/no-such-file.pem", "No such file"}, {folder, "directory"}, {"/dev/null", "no certificate"}, {folder + "/microsoft/graph_error_429.json", "no certificate"}})
    {
        given.ca_file = file;
        BOOST_TEST(says(given, {"CA_FILE (--ca-file): " + file, word}), file << ": " << settings_fault(given));
        settings built_in;   // the same before the first https connection
        built_in.ca_file = file;
        BOOST_TEST(!settings_fault(built_in).empty());
    }
    BOOST_TEST(ERR_peek_error() == 0u);
    auto const good = (std::filesystem::temp_directory_path() / ("oauth-ca-file-test-" + std::to_string(::getpid()) + ".pem")).string();
    std::ofstream(good) << "a comment\n" << test_support::make_identity().certificate_pem();
    given.ca_file = good;
    BOOST_TEST(settings_fault(given) == "");
    std::filesystem::remove(good);
}

BOOST_AUTO_TEST_CASE(the_graph_to_call)
{
    auto given = real();
    for (char const* good : {"", "https://graph.microsoft.com", "https://graph.microsoft.us/", "https://localhost:8443", "http://127.0.0.1:8400", "http://[::1]:1/"})
    {
        given.graph = good;
        BOOST_TEST(settings_fault(given) == "", good);
    }
    struct
    {
        std::string url, word;
    } const wrong[] = {
        {"graph.microsoft.com", "such as https://"}, {"nonsense", "such as https://"}, {"http://graph.microsoft.com", "such as https://"}, {"ftp://graph.microsoft.com", "such as https://"},
        {"https://", "such as https://"}, {"https://a@graph.microsoft.com", "such as https://"}, {"https://graph.microsoft.com/#x", "such as https://"}, {"https://graph.microsoft.com?x=y", "a query"},
        {"https://graph.microsoft.com/?x=y", "a path"}, {"https://graph.microsoft.com/v1.0", "/v1.0 and the rest are added"}, {"https://graph.microsoft.com/beta/", "a path"},
    };
    for (auto const& row : wrong)
    {
        given.graph = row.url;
        BOOST_TEST(says(given, {"GRAPH_URL (--graph): " + row.url, row.word}), row.url << ": " << settings_fault(given));
        settings built_in;   // a variable for other programs
        built_in.graph = row.url;
        BOOST_TEST(settings_fault(built_in) == "");
    }
    given.graph = "https://x/\x1b[2J";
    BOOST_TEST(says(given, {"\\x1b"}));
}

BOOST_AUTO_TEST_CASE(a_program_that_takes_nothing_pasted)
{
    example::program const of{.usage = "", .does = example::everything & ~example::takes_pasted};
    auto given = real();
    BOOST_TEST(settings_fault(given, of) == "");
    for (char const* uri : {"https://app.example/callback", "myapp://auth", "urn:ietf:wg:oauth:2.0:oob"})
    {
        given.redirect_uri = uri;
        BOOST_TEST(settings_fault(given) == "");
        BOOST_TEST(settings_fault(given, of).find("REDIRECT_URI (--redirect-uri): " + std::string(uri) + ": this program receives the answer by itself") == 0U, settings_fault(given, of));
    }
    given = real();
    given.response_mode = "fragment";
    BOOST_TEST(settings_fault(given).find("--paste") != std::string::npos);
    BOOST_TEST(settings_fault(given, of).find("--response-mode fragment: ") == 0U);
    BOOST_TEST(settings_fault(given, of).find("--paste") == std::string::npos, settings_fault(given, of));
}

BOOST_AUTO_TEST_CASE(a_tenant_in_the_authority)
{
    BOOST_TEST(example::names_tenant("https://login.microsoftonline.com/Contoso.onmicrosoft.com", "contoso.onmicrosoft.COM"));
    BOOST_TEST(example::names_tenant("https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_x", "contoso.onmicrosoft.com"));
    BOOST_TEST(example::names_tenant("https://login.microsoftonline.com/common/?p=x", "common"));
    BOOST_TEST(!example::names_tenant("https://login.microsoftonline.com/common", "organizations"));
    BOOST_TEST(!example::names_tenant("https://login.microsoftonline.com/common", "commo"));
    BOOST_TEST(!example::names_tenant("https://login.microsoftonline.com/?p=/common/", "common"));
}

BOOST_AUTO_TEST_SUITE_END()
