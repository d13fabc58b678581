#ifndef OAUTH_MACHINE_OBSERVATION_HPP
#define OAUTH_MACHINE_OBSERVATION_HPP

#include <oauth/error/failure.hpp>
#include <string_view>

namespace oauth {

/// What has become of an access token that was asked for?
enum class happening
{
    served_from_memory,   ///< one was handed out as it was, without a look at the store
    served_from_store,    ///< … after a look at the store: somebody else had got it, or it was new to this process
    renewal_asked,        ///< the server is about to be asked for a new one
    renewal_saved,        ///< the server has given one, and the store has it, with its refresh token, which may be a new one
    renewal_not_saved,    ///< the server has given one, and the store could not take it: memory holds it
    renewal_failed,       ///< none can be handed out
    fell_back,            ///< it could not be renewed, and an older one is handed out, which still lives
};

/// The name of the enumerator, such as "renewal_saved".
constexpr std::string_view to_string(happening value) noexcept
{
    switch (value)
    {
    case happening::served_from_memory: return "served_from_memory";
    case happening::served_from_store: return "served_from_store";
    case happening::renewal_asked: return "renewal_asked";
    case happening::renewal_saved: return "renewal_saved";
    case happening::renewal_not_saved: return "renewal_not_saved";
    case happening::renewal_failed: return "renewal_failed";
    case happening::fell_back: return "fell_back";
    }
    return "renewal_failed";
}

/// What an observer is told; see `default_config::observe`. It holds no secret, and all of it lives as long as the call.
struct observation
{
    happening what;
    std::string_view account;       ///< whose token it is: the account's key
    failure const* why = nullptr;   ///< of `renewal_not_saved`, `renewal_failed` and `fell_back`; what the server wrote of it is untrusted
};

} // namespace oauth

#endif
