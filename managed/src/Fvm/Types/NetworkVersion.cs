namespace Fvm;

/// <summary>A network version. Only <see cref="NetworkTable"/> maps versions to behaviour.</summary>
public enum NetworkVersion : uint
{
    Nv16 = 16,
    Nv17 = 17,
    Nv18 = 18,
    Nv19 = 19,
    Nv20 = 20,
    Nv21 = 21,
    Nv22 = 22,
    Nv23 = 23,
    Nv24 = 24,
    Nv25 = 25,
    Nv26 = 26,
    Nv27 = 27,
    Nv28 = 28,
    Nv29 = 29,
}
