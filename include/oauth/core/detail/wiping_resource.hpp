#ifndef OAUTH_CORE_DETAIL_WIPING_RESOURCE_HPP
#define OAUTH_CORE_DETAIL_WIPING_RESOURCE_HPP

#include <oauth/core/detail/wipe.hpp>
#include <boost/json/memory_resource.hpp>
#include <cstddef>
#include <new>

namespace oauth::detail {

/// Memory for a JSON document that holds secrets: wiped before it is given back.
class wiping_resource final : public boost::json::memory_resource
{
    void* do_allocate(std::size_t size, std::size_t alignment) override { return ::operator new(size, std::align_val_t{alignment}); }

    void do_deallocate(void* data, std::size_t size, std::size_t alignment) override
    {
        wipe(data, size);
        ::operator delete(data, std::align_val_t{alignment});
    }

    bool do_is_equal(boost::json::memory_resource const& other) const noexcept override { return this == &other; }
};

} // namespace oauth::detail

#endif
