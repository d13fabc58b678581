// No memory that once held a token is given back with the token still in it: every block is searched when it is freed.
//
// exit status 0: held, 1: broken

#include <oauth/core/pending_authorization_json.hpp>
#include <oauth/core/session_json.hpp>
#include <oauth/policy/store/file_store.hpp>
#include <oauth/policy/store/memory_store.hpp>
#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <new>
#include <string>
#include <string_view>
#include <utility>

namespace {

// Not the canary itself: its halves, so that no copy of it lies in this program.
constexpr std::string_view half = "canary-e81f70-";

std::size_t freed = 0;
std::size_t leaked = 0;
bool searching = false;

constexpr std::size_t header = 2 * alignof(std::max_align_t);

void* take(std::size_t size, std::size_t alignment)
{
    auto const room = std::max(header, alignment);
    auto* const block = static_cast<std::byte*>(std::aligned_alloc(std::max(alignment, alignof(std::max_align_t)), (room + size + room - 1) / room * room));
    if (block == nullptr) throw std::bad_alloc();
    *reinterpret_cast<std::size_t*>(block + room - sizeof(std::size_t)) = size;
    return block + room;
}

void give_back(void* data, std::size_t alignment) noexcept
{
    if (data == nullptr) return;
    auto* const bytes = static_cast<char*>(data);
    auto const size = *reinterpret_cast<std::size_t*>(bytes - sizeof(std::size_t));
    if (searching)
    {
        ++freed;
        leaked += std::string_view(bytes, size).find(half) != std::string_view::npos;
    }
    std::free(bytes - std::max(header, alignment));
}

oauth::secret canary(char last, std::size_t size)
{
    oauth::secret out(half);
    out.append(std::string(size, last));
    return out;
}

int broken = 0;

/// Count what `work` frees with a canary in it.
template <class Work>
void check_wiped(char const* what, Work work, std::size_t expected = 0)
{
    freed = leaked = 0;
    searching = true;
    work();
    searching = false;
    bool const holds = expected == 0 ? leaked == 0 && freed > 0 : leaked >= expected;
    broken += !holds;
    std::cout << (holds ? "held: " : "BROKEN: ") << what << ": " << freed << " blocks freed, " << leaked << " with a token in them" << std::endl;
}

} // namespace

void* operator new(std::size_t size) { return take(size, 1); }
void* operator new(std::size_t size, std::align_val_t alignment) { return take(size, static_cast<std::size_t>(alignment)); }
void operator delete(void* data) noexcept { give_back(data, 1); }
void operator delete(void* data, std::size_t) noexcept { give_back(data, 1); }
void operator delete(void* data, std::align_val_t alignment) noexcept { give_back(data, static_cast<std::size_t>(alignment)); }
void operator delete(void* data, std::size_t, std::align_val_t alignment) noexcept { give_back(data, static_cast<std::size_t>(alignment)); }

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
