// No memory that once held a token is given back with the token still in it: every block is searched when it is freed.
//
// exit status 0: held, 1: broken

#include <oauth/core/pending_authorization_json.hpp>
#include <oauth/core/session_json.hpp>
#include <oauth/policy/store/file_store.hpp>
#include <oauth/policy/store/memory_store.hpp>
#include "../support/freed_memory.hpp"
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>
#include <utility>

namespace {

// Not the canary itself: its halves, so that no copy of it lies in this program.
constexpr std::string_view half = "canary-e81f70-";

oauth::secret canary(char last, std::size_t size)
{
    oauth::secret out(half);
    out.append(std::string(size, last));
    return out;
}

int broken = 0;

using oauth::test::freed_memory;

/// Count what `work` frees with a canary in it.
template <class Work>
void check_wiped(char const* what, Work work, std::size_t expected = 0)
{
    auto const [freed, leaked] = freed_memory::search(half, work);
    bool const holds = expected == 0 ? leaked == 0 && freed > 0 : leaked >= expected;
    broken += !holds;
    std::cout << (holds ? "held: " : "BROKEN: ") << what << ": " << freed << " blocks freed, " << leaked << " with a token in them" << std::endl;
}

} // namespace

int main()
{
    // That the search finds anything at all.
    check_wiped("the search itself", [] { std::string const careless(canary('x', 100).reveal()); }, 1);

    for (std::size_t size : {1u, 30u, 2000u, 100000u})
        for (char last : {'x', '"', '\xff'})
        {
            auto const make = [&] {
                oauth::issued_token token;
                token.value = canary(last, size);
                oauth::session out;
                out.refresh_token = canary(last, size);
                out.id_token = canary(last, size);
                out.keep(oauth::access_token(std::move(token)));
                return out;
            };
            check_wiped("session to JSON and back", [&] {
                auto const text = oauth::to_json(make());
                broken += !oauth::session_from_json(text.reveal()).has_value();
            });
            check_wiped("a session whose JSON was cut or changed", [&] {
                auto const text = oauth::to_json(make());
                broken += oauth::session_from_json(text.reveal().substr(0, text.size() - 1)).has_value();
                oauth::secret escaped("{\"version\":1,\"id_token\":\"\",\"refresh_token\":\"\\u0020");
                escaped.append(canary('x', size).reveal());
                escaped.append("\\n\",\"access_tokens\":[]}");
                broken += !oauth::session_from_json(escaped.reveal()).has_value();
            });
            check_wiped("pending authorization to JSON and back", [&] {
                oauth::pending_authorization value;
                value.code_verifier = canary(last, size);
                broken += !oauth::pending_authorization_from_json(oauth::to_json(value).reveal()).has_value();
            });
            check_wiped("memory_store", [&] {
                oauth::memory_store store;
                broken += !store.save("a", make()) || !store.save("a", make()) || !store.load("a") || !store.erase("a");
            });
            check_wiped("file_store", [&] {
                auto root = (std::filesystem::temp_directory_path() / "oauth-wiping-XXXXXX").string();
                broken += ::mkdtemp(root.data()) == nullptr;
                oauth::file_store store{root};
                broken += !store.save("a", make()) || !store.save("a", make()) || !store.load("a") || !store.probe("a");
                std::filesystem::resize_file(root + '/' + oauth::detail::stored_file_name("a"), size);
                broken += store.load("a").has_value();
                std::filesystem::remove_all(root);
            });
        }
    return broken == 0 ? 0 : 1;
}
