#include <oauth/policy/browser.hpp>
#include <oauth/policy/client_authentication.hpp>
#include <oauth/policy/clock.hpp>
#include <oauth/policy/entropy.hpp>
#include <oauth/policy/redirect_receiver.hpp>
#include <oauth/policy/request_signer.hpp>
#include <oauth/policy/sender_constraint.hpp>
#include <oauth/policy/token_store.hpp>
#include <oauth/policy/transport.hpp>
#include <boost/test/unit_test.hpp>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

// The exemplar of each concept, word for word as it stands in the concept's docstring; the test below compares the two, so that page and code
// cannot part. Each is between a line "//[" and a line "//]".
namespace {

//[ browser
struct my_browser
{
    oauth::result<void> open(std::string const& url);
};
static_assert(oauth::check_browser<my_browser>());
//]

//[ client_authentication
struct my_authentication
{
    oauth::result<void> authenticate(oauth::http_request& request, oauth::form& body, oauth::client const& who,
                                     oauth::server_metadata const& server, oauth::time_point now);
};
static_assert(oauth::check_client_authentication<my_authentication>());
//]

//[ clock
struct my_clock
{
    oauth::time_point now() const noexcept;
};
static_assert(oauth::check_clock<my_clock>());
//]

//[ entropy
struct my_entropy
{
    oauth::result<void> fill(std::span<std::byte> bytes);
};
static_assert(oauth::check_entropy<my_entropy>());
//]

//[ redirect_receiver
struct my_receiver
{
    oauth::result<std::string> prepare(std::string const& registered);
    template <class Judge>
    oauth::result<std::string> receive(Judge judge);
};
static_assert(oauth::check_redirect_receiver<my_receiver>());
//]

//[ request_signer
struct my_signer
{
    oauth::result<void> sign(oauth::pending_authorization& request, oauth::server_metadata const& server, oauth::client const& who, oauth::time_point now);
};
static_assert(oauth::check_request_signer<my_signer>());
//]

//[ sender_constraint
struct my_constraint
{
    oauth::result<void> bind(oauth::http_request& request, oauth::time_point now);
    oauth::result<void> present(oauth::http_request& request, oauth::access_token const& token, oauth::time_point now);
    bool learn(oauth::endpoint const& from, oauth::http_response const& answer);
    std::string_view thumbprint() const;
};
static_assert(oauth::check_sender_constraint<my_constraint>());
//]

//[ token_store
struct my_store
{
    struct lock_type {};
    oauth::result<std::optional<oauth::session>> load(std::string_view key);
    oauth::result<void> save(std::string_view key, oauth::session const& value);
    oauth::result<void> erase(std::string_view key);
    oauth::result<void> probe(std::string_view key);
    oauth::result<std::optional<lock_type>> try_lock(std::string_view key);
};
static_assert(oauth::check_token_store<my_store>());
//]

//[ transport
struct my_transport
{
    oauth::result<oauth::http_response> send(oauth::http_request request);
};
static_assert(oauth::check_transport<my_transport>());
//]

std::string read(std::filesystem::path const& file)
{
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::string trimmed(std::string const& line)
{
    auto const begin = line.find_first_not_of(' ');
    return begin == line.npos ? std::string() : line.substr(begin);
}

// The lines from the one after `first` to the one before `last`, each without its indentation.
std::string between(std::string const& text, std::string const& first, std::string const& last)
{
    std::string out;
    auto at = text.find(first);
    if (at == text.npos) return out;
    at = text.find('\n', at) + 1;
    for (auto end = text.find('\n', at); end != text.npos; at = end + 1, end = text.find('\n', at))
    {
        auto const line = trimmed(text.substr(at, end - at));
        if (line == last) return out;
        out += line + '\n';
    }
    return {};
}

} // namespace

BOOST_AUTO_TEST_SUITE(policy_exemplars)

BOOST_AUTO_TEST_CASE(stand_in_the_docstrings_word_for_word)
{
    // Reached from the fixtures, the one folder that the build names.
    auto const tree = std::filesystem::path(OAUTH_TEST_FIXTURES).parent_path().parent_path();
    auto const here = read(tree / "test/unit/policy/exemplars.cpp");
    BOOST_TEST_REQUIRE(!here.empty());
    int compared = 0;
    for (auto const& entry : std::filesystem::directory_iterator(tree / "include/oauth/policy"))
    {
        if (entry.path().extension() != ".hpp") continue;
        auto const role = entry.path().stem().string();
        auto const in_docstring = between(read(entry.path()), "@par Exemplar\n    @code", "@endcode");
        auto const documented = in_docstring.substr(in_docstring.find('\n') + 1);   // behind the line of @code
        auto const compiled = between(here, "//[ " + role + "\n", "//]");
        BOOST_TEST(!documented.empty(), role << " has no exemplar");
        BOOST_TEST(documented == compiled, role);
        ++compared;
    }
    BOOST_TEST(compared >= 8);
}

BOOST_AUTO_TEST_SUITE_END()
