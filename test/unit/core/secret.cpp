#include <oauth/core/secret.hpp>
#include <boost/test/unit_test.hpp>
#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <type_traits>
#include <utility>

namespace {

template <class T>
concept printable = requires(std::ostream& out, T const& value) { out << value; };

template <class T>
concept ordered = requires(T const& a, T const& b) { a < b; };

// What would make a secret slip out without reveal().
static_assert(!printable<oauth::secret>);
static_assert(!std::convertible_to<oauth::secret, std::string>);
static_assert(!std::convertible_to<oauth::secret, std::string_view>);
static_assert(!std::convertible_to<std::string, oauth::secret>);
static_assert(!std::convertible_to<char const*, oauth::secret>);
static_assert(!std::equality_comparable_with<oauth::secret, std::string_view>);
static_assert(!ordered<oauth::secret>);
static_assert(std::is_nothrow_move_constructible_v<oauth::secret> && std::is_nothrow_move_assignable_v<oauth::secret>);
static_assert(std::is_nothrow_destructible_v<oauth::secret>);

constexpr std::string_view short_text = "short-CANARY";                                        // fits into the string object itself
constexpr std::string_view long_text = "long-CANARY-long-CANARY-long-CANARY-long-CANARY-long";   // lies in a buffer of its own

// Raw memory that a secret is made in, so that the bytes can be looked at after its life.
class storage
{
    alignas(oauth::secret) std::array<unsigned char, sizeof(oauth::secret)> bytes_{};

public:
    void* place() noexcept { return bytes_.data(); }

    bool holds(std::string_view text) const
    {
        // Through a volatile pointer: the object's life is over, and the compiler may think that nobody looks.
        std::array<char, sizeof(oauth::secret)> seen{};
        auto const* from = static_cast<unsigned char const volatile*>(bytes_.data());
        for (std::size_t i = 0; i < seen.size(); ++i) seen[i] = static_cast<char>(from[i]);
        return std::string_view(seen.data(), seen.size()).find(text) != std::string_view::npos;
    }
};

// Somebody may look at the text here, as far as the compiler knows: otherwise it leaves out what is written to a buffer that is only given back.
void (*volatile look_at)(void const*) = [](void const*) {};

void observe(std::string_view text) { look_at(text.data()); }
void observe(oauth::secret const& text) { observe(text.reveal()); }

// Watches what is in memory when it is given back, for the buffers of long strings.
struct watch
{
    static inline bool on = false;
    static inline bool seen = false;
    static inline std::size_t given_back = 0;

    watch()
    {
        seen = false;
        given_back = 0;
        on = true;
    }
    ~watch() { on = false; }

    static void look(void const* memory, std::size_t size) noexcept
    {
        if (!on || memory == nullptr) return;
        ++given_back;
        auto const* const from = static_cast<char const*>(memory);
        std::string_view const canary = "CANARY";
        seen = seen || std::search(from, from + size, canary.begin(), canary.end()) != from + size;
    }
};

} // namespace

// The sized form is what std::allocator calls; the size tells how much to look at.
void operator delete(void* memory, std::size_t size) noexcept
{
    watch::look(memory, size);
    std::free(memory);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void* operator new(std::size_t size)
{
    if (void* const memory = std::malloc(size == 0 ? 1 : size)) return memory;
    throw std::bad_alloc();
}

BOOST_AUTO_TEST_SUITE(core_secret)

BOOST_AUTO_TEST_CASE(holds_its_text)
{
    BOOST_TEST(oauth::secret().empty());
    BOOST_TEST(oauth::secret("abc").reveal() == "abc");
    BOOST_TEST(oauth::secret(std::string_view("abc")).size() == 3u);
    BOOST_TEST(oauth::secret(std::string("nul\0here", 8)).size() == 8u);
    std::string const kept(long_text);
    BOOST_TEST(oauth::secret(kept).reveal() == long_text);
    BOOST_TEST(kept == long_text);
}

BOOST_AUTO_TEST_CASE(a_null_pointer_is_empty)
{
    char const* const none = nullptr;
    BOOST_TEST(oauth::secret(none).empty());
}

BOOST_AUTO_TEST_CASE(a_moved_in_string_is_left_empty)
{
    for (auto text : {short_text, long_text})
    {
        std::string source(text);
        oauth::secret const taken(std::move(source));
        BOOST_TEST(taken.reveal() == text);
        BOOST_TEST(source.empty());
        // What a short string would leave behind in itself.
        BOOST_TEST(std::string_view(source.data(), source.capacity()).find("CANARY") == std::string_view::npos);
    }
}

BOOST_AUTO_TEST_CASE(equality)
{
    oauth::secret const a("token");
    BOOST_TEST((a == oauth::secret("token")));
    BOOST_TEST((a != oauth::secret("Token")));
    BOOST_TEST((a != oauth::secret("toke")));
    BOOST_TEST((a != oauth::secret("tokens")));
    BOOST_TEST((oauth::secret() == oauth::secret("")));
    BOOST_TEST(a.matches("token"));
    BOOST_TEST(!a.matches("tokeN"));
    BOOST_TEST(!a.matches(""));
    BOOST_TEST(oauth::secret().matches(""));
    BOOST_TEST((oauth::secret(std::string_view("a\0b", 3)) != oauth::secret(std::string_view("a\0c", 3))));
}

BOOST_AUTO_TEST_CASE(copies_and_moves)
{
    for (auto text : {short_text, long_text})
    {
        oauth::secret a(text);
        oauth::secret b(a);
        BOOST_TEST((a == b));
        oauth::secret c(std::move(a));
        BOOST_TEST(c.reveal() == text);
        BOOST_TEST(a.empty());
        a = b;
        BOOST_TEST(a.reveal() == text);
        b = std::move(c);
        BOOST_TEST(b.reveal() == text);
        BOOST_TEST(c.empty());
        auto& same = b;
        b = same;
        BOOST_TEST(b.reveal() == text);
        b = std::move(same);
        BOOST_TEST(b.reveal() == text);
    }
}

BOOST_AUTO_TEST_CASE(assign_and_append)
{
    oauth::secret text("one");
    text.append("-two");
    BOOST_TEST(text.reveal() == "one-two");
    text.append(std::string(100, 'x'));
    BOOST_TEST(text.size() == 107u);
    text.assign("three");
    BOOST_TEST(text.reveal() == "three");
    text.assign(std::string(500, 'y'));
    BOOST_TEST(text.size() == 500u);
    text.assign("");
    BOOST_TEST(text.empty());
    text.append("");
    BOOST_TEST(text.empty());
    text.assign("again");
    text.clear();
    BOOST_TEST(text.empty());
}

// A part of itself may be what is assigned or appended.
BOOST_AUTO_TEST_CASE(assign_and_append_of_itself)
{
    for (std::string_view start : {std::string_view("0123456789"), std::string_view("0123456789012345678901234567890123456789")})
    {
        oauth::secret text(start);
        text.assign(text.reveal().substr(3));
        BOOST_TEST(text.reveal() == start.substr(3));
        for (int i = 0; i < 4; ++i)
        {
            std::string const before(text.reveal());
            text.append(text.reveal());
            BOOST_TEST(text.reveal() == before + before);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_short_one_is_wiped_when_it_ends)
{
    storage memory;
    auto* const made = new (memory.place()) oauth::secret(short_text);
    BOOST_TEST_REQUIRE(memory.holds("CANARY"));   // or the test would prove nothing
    std::destroy_at(made);
    BOOST_TEST(!memory.holds("CANARY"));
}

BOOST_AUTO_TEST_CASE(a_short_one_is_wiped_when_it_is_moved_from_assigned_or_cleared)
{
    storage memory;
    auto* const made = new (memory.place()) oauth::secret(short_text);
    oauth::secret const other(std::move(*made));
    BOOST_TEST(!memory.holds("CANARY"));
    *made = other;
    BOOST_TEST_REQUIRE(memory.holds("CANARY"));
    oauth::secret target;
    target = std::move(*made);
    BOOST_TEST(!memory.holds("CANARY"));
    *made = other;
    *made = oauth::secret("x");
    BOOST_TEST(!memory.holds("ANARY"));
    *made = other;
    made->assign("x");
    BOOST_TEST(!memory.holds("ANARY"));
    *made = other;
    made->clear();
    BOOST_TEST(!memory.holds("ANARY"));
    *made = other;
    made->append(std::string(64, 'x'));   // moves out of the object
    BOOST_TEST(!memory.holds("ANARY"));
    std::destroy_at(made);
}

BOOST_AUTO_TEST_CASE(the_watch_sees_a_plain_string)
{
    watch const watching;
    {
        std::string const plain(long_text);
        observe(plain);
    }
    BOOST_TEST(watch::given_back >= 1u);
    BOOST_TEST(watch::seen);   // or the tests below would prove nothing
}

template <class Use>
bool leaks(Use use)
{
    watch const watching;
    use();
    BOOST_TEST(watch::given_back >= 1u);
    return watch::seen;
}

BOOST_AUTO_TEST_CASE(a_buffer_is_wiped_before_it_is_given_back)
{
    BOOST_TEST(!leaks([] {
        oauth::secret const ends(long_text);
        observe(ends);
    }));
    BOOST_TEST(!leaks([] {
        oauth::secret const copied(long_text);
        oauth::secret const copy(copied);
        observe(copied);
        observe(copy);
    }));
    BOOST_TEST(!leaks([] {
        oauth::secret from(long_text);
        oauth::secret to(long_text);
        observe(from);
        observe(to);
        to = std::move(from);
        observe(to);
    }));
    BOOST_TEST(!leaks([] {
        oauth::secret assigned(long_text);
        observe(assigned);
        assigned = oauth::secret("short");
        observe(assigned);
        assigned.assign(std::string(200, 'x'));
    }));
    BOOST_TEST(!leaks([] {
        oauth::secret grown(long_text);
        observe(grown);
        grown.append(std::string(1000, 'x'));
        observe(grown);
    }));
    // The tail of a longer secret, behind a shorter one in the same buffer.
    BOOST_TEST(!leaks([] {
        oauth::secret shortened(long_text);
        observe(shortened);
        shortened.assign("a text that is shorter");
        observe(shortened);
    }));
    BOOST_TEST(!leaks([] {
        std::string source(long_text);
        observe(source);
        oauth::secret const taken(std::move(source));
        observe(taken);
    }));
}

BOOST_AUTO_TEST_CASE(what_is_left_in_the_buffer_is_no_secret)
{
    oauth::secret text(long_text);
    text.assign("short again, sixteen+");
    auto const view = text.reveal();
    auto const* const rest = view.data() + view.size();
    BOOST_TEST(std::all_of(rest, rest + (long_text.size() - view.size()), [](char c) { return c == '\0'; }));
}

BOOST_AUTO_TEST_SUITE_END()
