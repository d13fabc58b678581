#include "../../../example/support/settings.hpp"
#include <boost/test/unit_test.hpp>
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

BOOST_AUTO_TEST_SUITE_END()
