using System.Runtime.InteropServices;

namespace Fvm.Wasm.Platform;

/// <summary>Whose a file is, which .NET does not tell.</summary>
internal static unsafe partial class FileOwner
{
    // statx: the structure is the same on all architectures.
    private const int CurrentFolder = -100;
    private const uint ModeAndOwner = 0x2 | 0x8;
    private const int StructureSize = 256;
    private const int OwnerOffset = 20;
    private const int ModeOffset = 28;
    private const int WritableByOthers = 0x12;

    /// <summary>
    /// Whether a file or folder belongs to the user that this process runs as, and no other may write to it. Only Linux is asked: elsewhere
    /// the answer is yes.
    /// </summary>
    public static bool IsSafe(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return true;
        }

        byte* status = stackalloc byte[StructureSize];
        return Status(CurrentFolder, path, 0, ModeAndOwner, status) == 0 && *(uint*)(status + OwnerOffset) == User() &&
            (*(ushort*)(status + ModeOffset) & WritableByOthers) == 0;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Status(int folder, string path, int flags, uint mask, byte* status);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint User();
}
