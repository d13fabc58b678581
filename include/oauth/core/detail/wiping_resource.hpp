#ifndef OAUTH_CORE_DETAIL_WIPING_RESOURCE_HPP
#define OAUTH_CORE_DETAIL_WIPING_RESOURCE_HPP

#include <oauth/core/detail/wipe.hpp>
#include <boost/container/pmr/memory_resource.hpp>
#include <cstddef>
#include <new>

namespace oauth::detail {

/// Memory for a JSON document that holds secrets: wiped before it is given back.
class wiping_resource final : public boost::container::pmr::memory_resource
{
    // The alignment is left aside: nothing in a document needs more than any memory has, and Boost 1.81 does not give a key back with the one that it was taken with.
    void* do_allocate(std::size_t size, std::size_t) override { return ::operator new(size); }

    void do_deallocate(void* data, std::size_t size, std::size_t) override
    {
        wipe(data, size);
        ::operator delete(data);
    }

    bool do_is_equal(boost::container::pmr::memory_resource const& other) const noexcept override { return this == &other; }
};

} // namespace oauth::detail

#endif
