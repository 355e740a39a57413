using System.Diagnostics;
using System.Net.Sockets;

namespace Fvm.Files;

/// <summary>The file of a Unix socket.</summary>
public static class SocketFile
{
    // The system closes the sockets of a killed process some time after its end is reported, within this time.
    private static readonly TimeSpan TimeToEnd = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Removes the socket of a server that was killed. A socket that is still served takes a second to be found so.</summary>
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

    // An ending server still takes a connection, and leaves it. A server for others closes it at once, and takes the next.
    private static bool IsServed(string path)
    {
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < TimeToEnd; Thread.Sleep(Pause))
        {
            using Socket probe = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                probe.Connect(new UnixDomainSocketEndPoint(path));
                if (!probe.Poll(TimeToEnd, SelectMode.SelectRead) || probe.Receive(new byte[1]) > 0)
                {
                    return true;
                }
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
            {
                return false;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
            {
                // As if it had been closed.
            }
            catch (SocketException)
            {
                return true;
            }
        }

        return true;
    }
}
