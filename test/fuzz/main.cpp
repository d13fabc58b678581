// Runs a fuzz target over files, without a fuzzer: each file whole, and each of its beginnings. Folders stand for the files in them.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size);

namespace {

std::size_t run(std::filesystem::path const& path)
{
    std::ifstream file(path, std::ios::binary);
    std::vector<char> const text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    for (std::size_t size = 0; size <= text.size(); ++size)
    {
        // A copy, so that a sanitizer sees whoever reads past its end.
        std::vector<std::uint8_t> const beginning(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(size));
        LLVMFuzzerTestOneInput(beginning.data(), beginning.size());
    }
    return text.size() + 1;
}

} // namespace

int main(int count, char** arguments)
{
    std::size_t files = 0, inputs = 0;
    for (int i = 1; i < count; ++i)
    {
        std::vector<std::filesystem::path> paths;
        if (!std::filesystem::is_directory(arguments[i])) paths.emplace_back(arguments[i]);
        else
            for (auto const& entry : std::filesystem::recursive_directory_iterator(arguments[i]))
                if (entry.is_regular_file()) paths.push_back(entry.path());
        for (auto const& path : paths)
        {
            inputs += run(path);
            ++files;
        }
    }
    std::printf("%zu files, %zu inputs\n", files, inputs);
    return files == 0 ? 1 : 0;
}
