#ifndef OAUTH_POLICY_RECEIVER_DETAIL_WIPING_ALLOCATOR_HPP
#define OAUTH_POLICY_RECEIVER_DETAIL_WIPING_ALLOCATOR_HPP

#include <oauth/core/detail/wipe.hpp>
#include <cstddef>
#include <memory>

namespace oauth::detail {

/// An allocator that overwrites what it gives back: for containers that a code passes through on its way, such as Beast's.
template <class T>
struct wiping_allocator
{
    using value_type = T;

    wiping_allocator() = default;
    template <class U>
    constexpr wiping_allocator(wiping_allocator<U> const&) noexcept
    {
    }

    T* allocate(std::size_t count) { return std::allocator<T>().allocate(count); }

    void deallocate(T* data, std::size_t count) noexcept
    {
        wipe(static_cast<void*>(data), count * sizeof(T));
        std::allocator<T>().deallocate(data, count);
    }

    template <class U>
    friend constexpr bool operator==(wiping_allocator const&, wiping_allocator<U> const&) noexcept
    {
        return true;
    }
};

} // namespace oauth::detail

#endif
