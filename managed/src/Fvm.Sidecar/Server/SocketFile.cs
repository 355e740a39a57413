using System.Net.Sockets;
using Fvm.Files;

namespace Fvm.Sidecar;

/// <summary>The file of the Unix socket.</summary>
internal static class SocketFile
{
    /// <summary>Removes the socket of a server that was killed.</summary>
    /// <exception cref="IOException">Something else is at the path, or another server listens there.</exception>
    public static void Clear(string path)
    {
        switch (FileStatus.Of(path, followLink: false).Kind)
        {
            case FileKind.Missing:
                return;
            case FileKind.Socket when !IsServed(path):
                File.Delete(path);
                return;
            case FileKind.Socket:
                throw new IOException($"{path}: another server listens there");
            default:
                throw new IOException($"{path}: is there already, and is no socket");
        }
    }

    private static bool IsServed(string path)
    {
        using Socket probe = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode != SocketError.ConnectionRefused;
        }
    }
}
