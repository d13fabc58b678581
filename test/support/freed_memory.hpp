#ifndef OAUTH_TEST_SUPPORT_FREED_MEMORY_HPP
#define OAUTH_TEST_SUPPORT_FREED_MEMORY_HPP

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <new>
#include <string_view>
#include <utility>

// Searches each block of memory when it is given back. It replaces the program's operators new and delete, so it is for programs of one source file.
namespace oauth::test {

class freed_memory
{
    static constexpr std::size_t header = 2 * alignof(std::max_align_t);

    static inline std::string_view wanted_;
    static inline std::size_t freed_ = 0, found_ = 0;

public:
    static void* take(std::size_t size, std::size_t alignment)
    {
        auto const room = std::max(header, alignment);
        auto* const block = static_cast<std::byte*>(std::aligned_alloc(std::max(alignment, alignof(std::max_align_t)), (room + size + room - 1) / room * room));
        if (block == nullptr) throw std::bad_alloc();
        *reinterpret_cast<std::size_t*>(block + room - sizeof(std::size_t)) = size;
        return block + room;
    }

    static void give_back(void* data, std::size_t alignment) noexcept
    {
        if (data == nullptr) return;
        auto* const bytes = static_cast<char*>(data);
        auto const size = *reinterpret_cast<std::size_t*>(bytes - sizeof(std::size_t));
        if (!wanted_.empty())
        {
            ++freed_;
            found_ += std::string_view(bytes, size).find(wanted_) != std::string_view::npos;
        }
        std::free(bytes - std::max(header, alignment));
    }

    /// How many blocks did `work` give back, and how many of them with `wanted` in them?
    template <class Work>
    static std::pair<std::size_t, std::size_t> search(std::string_view wanted, Work work)
    {
        freed_ = found_ = 0;
        wanted_ = wanted;
        work();
        wanted_ = {};
        return {freed_, found_};
    }
};

} // namespace oauth::test

void* operator new(std::size_t size) { return oauth::test::freed_memory::take(size, 1); }
void* operator new(std::size_t size, std::align_val_t alignment) { return oauth::test::freed_memory::take(size, static_cast<std::size_t>(alignment)); }
void operator delete(void* data) noexcept { oauth::test::freed_memory::give_back(data, 1); }
void operator delete(void* data, std::size_t) noexcept { oauth::test::freed_memory::give_back(data, 1); }
void operator delete(void* data, std::align_val_t alignment) noexcept { oauth::test::freed_memory::give_back(data, static_cast<std::size_t>(alignment)); }
void operator delete(void* data, std::size_t, std::align_val_t alignment) noexcept { oauth::test::freed_memory::give_back(data, static_cast<std::size_t>(alignment)); }

#endif
