#include "../../../example/support/settings.hpp"
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

/// What the programs make of these arguments, and what they say about it.
std::pair<std::optional<example::settings>, std::string> read(std::vector<std::string> words, example::program const& of = {})
{
    std::vector<char*> pointers;
    for (auto& word : words) pointers.push_back(word.data());
    std::ostringstream said;
    auto* const before = std::cerr.rdbuf(said.rdbuf());
    auto out = example::read_settings(static_cast<int>(pointers.size()), pointers.data(), of);
    std::cerr.rdbuf(before);
    return {std::move(out), said.str()};
}

} // namespace

BOOST_AUTO_TEST_SUITE(example_settings)

BOOST_AUTO_TEST_CASE(a_misspelt_flag_does_not_show_the_secret)
{
    for (std::string const word : {"--cleint-secret=CANARY", "--client-secre=CANARY", "-client-secret=CANARY", "CLIENT_SECRET=CANARY", "--=CANARY", "=CANARY"})
    {
        auto const [out, said] = read({"program", word});
        BOOST_TEST(!out.has_value(), word);
        BOOST_TEST(said == "unknown argument '" + word.substr(0, word.find('=')) + "'; see --help\n");
    }
    auto const [out, said] = read({"program", "--cleint-secret", "CANARY"});
    BOOST_TEST(!out.has_value());
    BOOST_TEST(said.find("CANARY") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_flag_goes_with_its_value)
{
    for (auto const& words : std::vector<std::vector<std::string>>{{"program", "--client-secret=a=b", "--json"}, {"program", "--json", "--client-secret", "a=b"}})
    {
        auto const [out, said] = read(words);
        BOOST_TEST_REQUIRE(out.has_value(), said);
        BOOST_TEST(out->client_secret.reveal() == "a=b");
        BOOST_TEST(out->json);
    }
}

BOOST_AUTO_TEST_CASE(a_switch_takes_no_value)
{
    for (std::string const flag : {"--json", "--table", "--auto", "--help", "--paste", "--new", "--v1"})
    {
        auto const [out, said] = read({"program", flag + "=CANARY"});
        BOOST_TEST(!out.has_value(), flag);
        BOOST_TEST(said == flag + " takes no value; see --help\n");
    }
}

BOOST_AUTO_TEST_CASE(a_program_takes_the_flags_of_its_help)
{
    constexpr std::string_view own = "\n  --issuer URL  ISSUER\n  --port N  where\n";
    for (std::string const flag : {"--issuer", "--port"})
    {
        auto const [taken, nothing] = read({"program", flag, "17"}, {.usage = "", .own_settings = own});
        BOOST_TEST(taken.has_value(), nothing);
        auto const [out, said] = read({"program", flag, "17"});
        BOOST_TEST(!out.has_value(), flag);
        BOOST_TEST(said == "unknown argument '" + flag + "'; see --help\n");
    }
    BOOST_TEST(!read({"program", "--key", "k"}, {.usage = "", .own_settings = own}).first.has_value());
}

// Each common flag, with what it takes and the variable that it goes with, and which programs have it.
struct
{
    std::string flag;
    bool has_value;
    char const* variable;
    unsigned brought_by;   // one ability that brings it; 0: all have it
} const common[] = {
    {"--tenant-id", true, "TENANT_ID", 0}, {"--client-id", true, "CLIENT_ID", 0}, {"--client-secret", true, "CLIENT_SECRET", example::has_secret},
    {"--redirect-uri", true, "REDIRECT_URI", example::is_returned_to}, {"--authority", true, "AUTHORITY", 0}, {"--scope", true, "SCOPE", example::asks_scope},
    {"--resource", true, "RESOURCE", 0}, {"--ca-file", true, "CA_FILE", 0}, {"--store", true, "TOKEN_STORE", example::keeps_session}, {"--v1", false, nullptr, 0},
    {"--graph", true, "GRAPH_URL", example::calls_graph}, {"--paste", false, nullptr, example::takes_pasted}, {"--no-browser", false, nullptr, example::opens_browser},
    {"--new", false, nullptr, example::keeps_session}, {"--prompt", true, nullptr, example::is_answered}, {"--response-mode", true, nullptr, example::is_answered},
    {"--auto", false, nullptr, example::has_users}, {"--json", false, nullptr, example::prints_tokens}, {"--table", false, nullptr, example::prints_tokens},
};

BOOST_AUTO_TEST_CASE(a_flag_that_a_program_has_no_use_for_stands_in_no_help_and_is_refused)
{
    for (auto const& row : common)
    {
        std::vector<std::string> words{"program", row.flag};
        if (row.has_value) words.push_back("x");
        for (unsigned const does : {unsigned(example::everything), example::everything & ~row.brought_by, row.brought_by, 0U})
        {
            example::program const of{.usage = "", .does = does};
            bool const has = (does & row.brought_by) == row.brought_by;
            BOOST_TEST(example::takes(of, row.flag) == has, row.flag << ' ' << does);
            BOOST_TEST((example::help_of(of).find("\n  " + row.flag + ' ') != std::string::npos) == has, row.flag << ' ' << does);
            if (row.variable != nullptr) BOOST_TEST(example::takes(of, row.variable) == has, row.variable << ' ' << does);
            auto const [out, said] = read(words, of);
            BOOST_TEST(out.has_value() == has, row.flag << ' ' << does << ' ' << said);
            if (!has) BOOST_TEST(said == "unknown argument '" + row.flag + "'; see --help\n");
        }
    }
    BOOST_TEST(!example::takes({}, "--"));
    BOOST_TEST(!example::takes({}, "ID"));
    BOOST_TEST(!example::takes({}, "--client"));
}

BOOST_AUTO_TEST_CASE(a_variable_that_a_program_has_no_use_for_is_not_looked_at)
{
    example::program const of{.usage = "", .does = example::asks_scope, .own_settings = "\n  --key FILE  CLIENT_KEY  x\n"};
    for (auto const* name : {"CLIENT_SECRET", "REDIRECT_URI", "ISSUER", "CLIENT_CERTIFICATE"})
    {
        ::setenv(name, "x", 1);
        auto const [out, said] = read({"program"}, of);
        ::unsetenv(name);
        BOOST_TEST_REQUIRE(out.has_value(), said);
        BOOST_TEST(out->built_in(), name);
    }
    ::setenv("CLIENT_KEY", "x", 1);
    BOOST_TEST(!read({"program"}, of).first->built_in());
    ::unsetenv("CLIENT_KEY");
    BOOST_TEST(example::help_of(of).find("\nWith none of TENANT_ID, CLIENT_ID, AUTHORITY and CLIENT_KEY set, a built-in") != std::string::npos, example::help_of(of));
    BOOST_TEST(example::help_of({}).find("\nWith none of TENANT_ID, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI and AUTHORITY set, a built-in") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
