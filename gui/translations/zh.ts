<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh" sourcelanguage="en">
<context>
    <name>Mien</name>
    <message>
        <source>&amp;Add</source>
        <translation>添加(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Defaults</source>
        <translation>恢复默认(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Fetch</source>
        <translation>下载(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Load…</source>
        <translation>载入(&amp;L)…</translation>
    </message>
    <message>
        <source>&amp;Save…</source>
        <translation>保存(&amp;S)…</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>撤销(&amp;U)</translation>
    </message>
    <message>
        <source>1 face</source>
        <translation>1 张人脸</translation>
    </message>
    <message>
        <source>1 picture left out</source>
        <translation>遗漏 1 帧</translation>
    </message>
    <message>
        <source>A camera gives what it can; a change starts it anew.</source>
        <translation>摄像头会尽量满足所选格式；更改后将重新启动摄像头。</translation>
    </message>
    <message>
        <source>A change starts the source anew.</source>
        <translation>更改后将重新启动来源。</translation>
    </message>
    <message>
        <source>A face is matched against these words. Describe each in English, a sentence a line.</source>
        <translation>人脸将与这些文字进行匹配。请用英文描述每个表情，每行一句。</translation>
    </message>
    <message>
        <source>A file is missing</source>
        <translation>缺少文件</translation>
    </message>
    <message>
        <source>A name has at most {count} characters.</source>
        <translation>名称最多 {count} 个字符。</translation>
    </message>
    <message>
        <source>A recording that was cut off is whole again: {name}</source>
        <translation>已修复一段中断的录制：{name}</translation>
    </message>
    <message>
        <source>A sentence has a character that cannot be read.</source>
        <translation>句子中有无法读取的字符。</translation>
    </message>
    <message>
        <source>A sentence has at most {count} characters.</source>
        <translation>每句最多 {count} 个字符。</translation>
    </message>
    <message>
        <source>A span begins here ([); or drag over the plot with Shift</source>
        <translation>时间段从这里开始 ([)；或按住 Shift 在图上拖动</translation>
    </message>
    <message>
        <source>Add an expression, such as “a bored face” (Alt+A)</source>
        <translation>添加表情，例如“a bored face”（Alt+A）</translation>
    </message>
    <message>
        <source>Add videos</source>
        <translation>添加视频</translation>
    </message>
    <message>
        <source>Add videos…</source>
        <translation>添加视频…</translation>
    </message>
    <message>
        <source>Add your account to the group “video”, then sign out and in again:</source>
        <translation>请将您的账户加入“video”用户组，然后注销并重新登录：</translation>
    </message>
    <message>
        <source>Address (rtsp, rtsps, http or https), with name and password if it needs them:</source>
        <translation>地址（rtsp、rtsps、http 或 https），如有需要请包含用户名和密码：</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>所有文件</translation>
    </message>
    <message>
        <source>Analyse videos: choose them, or drop them here</source>
        <translation>分析视频：选择视频，或将其拖放到此处</translation>
    </message>
    <message>
        <source>Analyse what an earlier run did not come to</source>
        <translation>分析上次运行未处理的视频</translation>
    </message>
    <message>
        <source>Analyse {title} next</source>
        <translation>接下来分析 {title}</translation>
    </message>
    <message>
        <source>Analysing</source>
        <translation>正在分析</translation>
    </message>
    <message>
        <source>Analysing, {count} to go</source>
        <translation>正在分析，还剩 {count} 项</translation>
    </message>
    <message>
        <source>Another expression has this name.</source>
        <translation>已有同名的表情。</translation>
    </message>
    <message>
        <source>Another language takes effect at the next start.</source>
        <translation>更改语言将在下次启动时生效。</translation>
    </message>
    <message>
        <source>Another program uses it: close that one.</source>
        <translation>另一个程序正在使用它：请关闭那个程序。</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>外观</translation>
    </message>
    <message>
        <source>Applying…</source>
        <translation>正在应用…</translation>
    </message>
    <message>
        <source>As the camera gives it</source>
        <translation>摄像头原始画面</translation>
    </message>
    <message>
        <source>As the camera has it</source>
        <translation>由摄像头决定</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>At the desk</source>
        <translation>桌前（近处）</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Back to the model&apos;s own expressions (Alt+D)</source>
        <translation>恢复模型自带的表情（Alt+D）</translation>
    </message>
    <message>
        <source>Bring the note back that was removed last (Ctrl+Z)</source>
        <translation>恢复最近删除的笔记（Ctrl+Z）</translation>
    </message>
    <message>
        <source>By name</source>
        <translation>按名称</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>摄像头</translation>
    </message>
    <message>
        <source>Camera {number}</source>
        <translation>摄像头 {number}</translation>
    </message>
    <message>
        <source>Camera, stream or file (Ctrl+1)</source>
        <translation>摄像头、视频流或文件（Ctrl+1）</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Cancel all</source>
        <translation>全部取消</translation>
    </message>
    <message>
        <source>Cancel the analysis that runs and all that wait</source>
        <translation>取消正在运行和等待中的所有分析</translation>
    </message>
    <message>
        <source>Cancel {title}</source>
        <translation>取消 {title}</translation>
    </message>
    <message>
        <source>Cannot open</source>
        <translation>无法打开</translation>
    </message>
    <message>
        <source>Cannot start</source>
        <translation>无法开始</translation>
    </message>
    <message>
        <source>Changes are applied when the recording has ended.</source>
        <translation>更改将在录制结束后生效。</translation>
    </message>
    <message>
        <source>Check its address, and that the camera is on.</source>
        <translation>请检查地址是否正确，以及摄像头是否已开启。</translation>
    </message>
    <message>
        <source>Choose a camera</source>
        <translation>选择摄像头</translation>
    </message>
    <message>
        <source>Choose a folder</source>
        <translation>选择文件夹</translation>
    </message>
    <message>
        <source>Choose the automatic one in the settings: it needs no graphics card.</source>
        <translation>请在设置中选择“自动”：它不需要显卡。</translation>
    </message>
    <message>
        <source>Choose the folder…</source>
        <translation>选择文件夹…</translation>
    </message>
    <message>
        <source>Clear the search</source>
        <translation>清除搜索</translation>
    </message>
    <message>
        <source>Click a face to see its bars (Up, Down)</source>
        <translation>点击某张人脸以查看其条形图（上、下方向键）</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Close (Esc)</source>
        <translation>关闭（Esc）</translation>
    </message>
    <message>
        <source>Close this recording (Esc)</source>
        <translation>关闭此录制（Esc）</translation>
    </message>
    <message>
        <source>Colours of the window</source>
        <translation>窗口的颜色</translation>
    </message>
    <message>
        <source>Connect it, or choose another one above.</source>
        <translation>请连接该摄像头，或在上方选择其他摄像头。</translation>
    </message>
    <message>
        <source>Connect one and press Start. Or open a file, or look at the demo.</source>
        <translation>请连接摄像头并按“开始”。也可以打开一个文件，或观看演示。</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Defaults</source>
        <translation>恢复默认</translation>
    </message>
    <message>
        <source>Delete files…</source>
        <translation>删除文件…</translation>
    </message>
    <message>
        <source>Delete kept</source>
        <translation>删除已保存的</translation>
    </message>
    <message>
        <source>Delete the neutral that was kept</source>
        <translation>删除已保存的自然表情</translation>
    </message>
    <message>
        <source>Delete these files for ever?</source>
        <translation>永久删除这些文件？</translation>
    </message>
    <message>
        <source>Demo with drawn faces</source>
        <translation>绘制人脸的演示</translation>
    </message>
    <message>
        <source>Describe it in a sentence, such as “{example}”.</source>
        <translation>请用一句话描述，例如“{example}”。</translation>
    </message>
    <message>
        <source>Describe {name}</source>
        <translation>描述{name}</translation>
    </message>
    <message>
        <source>Describing new expressions needs a text model of {size} MB.</source>
        <translation>描述新表情需要一个 {size} MB 的文本模型。</translation>
    </message>
    <message>
        <source>Describing new expressions needs a text model, and Mien is offline.</source>
        <translation>描述新的表情需要文本模型，而 Mien 处于离线状态。</translation>
    </message>
    <message>
        <source>Descriptions, a sentence a line</source>
        <translation>描述，每行一句</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>忽略</translation>
    </message>
    <message>
        <source>Dismiss {title}</source>
        <translation>忽略 {title}</translation>
    </message>
    <message>
        <source>Does a resting face read as a feeling?</source>
        <translation>自然放松的脸被识别成了某种情绪？</translation>
    </message>
    <message>
        <source>Drawn faces, to see how it works</source>
        <translation>用绘制的人脸展示使用方法</translation>
    </message>
    <message>
        <source>Duration</source>
        <translation>时长</translation>
    </message>
    <message>
        <source>Elapsed time</source>
        <translation>已播放时间</translation>
    </message>
    <message>
        <source>Engine</source>
        <translation>引擎</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Export picture</source>
        <translation>导出图片</translation>
    </message>
    <message>
        <source>Export picture…</source>
        <translation>导出图片…</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Expression of the selected face</source>
        <translation>所选人脸的表情</translation>
    </message>
    <message>
        <source>Expressions</source>
        <translation>表情</translation>
    </message>
    <message>
        <source>Expressions in the plot</source>
        <translation>图表中的表情</translation>
    </message>
    <message>
        <source>Face {number}</source>
        <translation>人脸 {number}</translation>
    </message>
    <message>
        <source>Faces</source>
        <translation>人脸</translation>
    </message>
    <message>
        <source>Faces in the picture</source>
        <translation>画面中的人脸</translation>
    </message>
    <message>
        <source>Fetch what reads new descriptions, once</source>
        <translation>下载读取新描述所需的内容，仅需一次</translation>
    </message>
    <message>
        <source>Fetching the text model…</source>
        <translation>正在下载文本模型…</translation>
    </message>
    <message>
        <source>Fetching: {done} of {total} MB</source>
        <translation>正在下载：{done} / {total} MB</translation>
    </message>
    <message>
        <source>Find again: choose the folder in which the files are now</source>
        <translation>重新定位：请选择文件现在所在的文件夹</translation>
    </message>
    <message>
        <source>Find again…</source>
        <translation>重新定位…</translation>
    </message>
    <message>
        <source>Five seconds back or on</source>
        <translation>后退或前进五秒</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Folder for recordings</source>
        <translation>录制文件夹</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>放弃</translation>
    </message>
    <message>
        <source>Frames per second</source>
        <translation>每秒帧数</translation>
    </message>
    <message>
        <source>Frames per second, over the last two seconds</source>
        <translation>最近两秒内的每秒帧数</translation>
    </message>
    <message>
        <source>From the capture of a picture to its reading: half of all take less than this</source>
        <translation>从采集画面到得出结果的时间：有一半的画面少于此值</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>全屏</translation>
    </message>
    <message>
        <source>Give it a name.</source>
        <translation>请输入名称。</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Go on (P)</source>
        <translation>继续（P）</translation>
    </message>
    <message>
        <source>Go there (Return); next moment (N), the one before (Shift+N)</source>
        <translation>跳转到此处（回车键）；下一时刻（N），上一时刻（Shift+N）</translation>
    </message>
    <message>
        <source>Halt the timeline, or go on</source>
        <translation>暂停或继续时间线</translation>
    </message>
    <message>
        <source>Halt, to look back (P)</source>
        <translation>暂停以便回看（P）</translation>
    </message>
    <message>
        <source>How faces are looked for</source>
        <translation>查找人脸的方式</translation>
    </message>
    <message>
        <source>Import results: choose a folder that Mien has written to</source>
        <translation>导入结果：请选择 Mien 写入过的文件夹</translation>
    </message>
    <message>
        <source>Import results…</source>
        <translation>导入结果…</translation>
    </message>
    <message>
        <source>In English, a sentence a line</source>
        <translation>请用英文，每行一句</translation>
    </message>
    <message>
        <source>In Settings &gt; Privacy &amp; security &gt; Camera, allow it to desktop apps. If it is allowed, another program uses the camera: close that one.</source>
        <translation>请在“设置 &gt; 隐私和安全性 &gt; 相机”中允许桌面应用使用摄像头。如果已经允许，则是另一个程序正在使用摄像头：请关闭那个程序。</translation>
    </message>
    <message>
        <source>In System Settings &gt; Privacy &amp; Security &gt; Camera, allow it to the program that Mien was started from. If it is allowed, another program uses the camera: close that one.</source>
        <translation>请在“系统设置 &gt; 隐私与安全性 &gt; 摄像头”中，允许启动 Mien 的那个程序使用摄像头。如果已经允许，则是另一个程序正在使用摄像头：请关闭那个程序。</translation>
    </message>
    <message>
        <source>In the room</source>
        <translation>房间内（远处）</translation>
    </message>
    <message>
        <source>In which order the library is listed</source>
        <translation>资料库的排列顺序</translation>
    </message>
    <message>
        <source>Is not installed: {command}</source>
        <translation>未安装：{command}</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Keep it on this computer for another time; nothing is kept unless you ask</source>
        <translation>保存在本机以备下次使用；除非您要求，否则不会保存任何内容</translation>
    </message>
    <message>
        <source>Keep this picture</source>
        <translation>保存此画面</translation>
    </message>
    <message>
        <source>Keep this picture (Ctrl+S)</source>
        <translation>保存此画面（Ctrl+S）</translation>
    </message>
    <message>
        <source>Kept the picture as {name}</source>
        <translation>画面已保存为 {name}</translation>
    </message>
    <message>
        <source>Keyboard</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Language of the window</source>
        <translation>窗口的语言</translation>
    </message>
    <message>
        <source>Latency</source>
        <translation>延迟</translation>
    </message>
    <message>
        <source>Leave full screen</source>
        <translation>退出全屏</translation>
    </message>
    <message>
        <source>Left and Right jump by 5 seconds; comma and full stop go picture by picture while paused</source>
        <translation>左右方向键跳转 5 秒；暂停时按逗号和句号逐帧移动</translation>
    </message>
    <message>
        <source>Left, Right, Home and End move, + and - zoom, 0 shows all</source>
        <translation>左右方向键、Home 和 End 移动，+ 和 - 缩放，0 显示全部</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>资料库</translation>
    </message>
    <message>
        <source>Library: open</source>
        <translation>资料库：打开</translation>
    </message>
    <message>
        <source>Library: remove from the list</source>
        <translation>资料库：从列表中移除</translation>
    </message>
    <message>
        <source>Library: rename</source>
        <translation>资料库：重命名</translation>
    </message>
    <message>
        <source>Library: search</source>
        <translation>资料库：搜索</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>List everything again</source>
        <translation>重新列出全部内容</translation>
    </message>
    <message>
        <source>List what mien video has written to a folder</source>
        <translation>列出 mien video 写入某个文件夹的内容</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>实时</translation>
    </message>
    <message>
        <source>Live picture</source>
        <translation>实时画面</translation>
    </message>
    <message>
        <source>Load a prompts file (Alt+L)</source>
        <translation>载入提示词文件（Alt+L）</translation>
    </message>
    <message>
        <source>Load expressions</source>
        <translation>载入表情</translation>
    </message>
    <message>
        <source>Locate…</source>
        <translation>定位…</translation>
    </message>
    <message>
        <source>Longer is calmer, and slower to show a quick smile</source>
        <translation>时间越长越平稳，但一闪而过的微笑会显示得更慢</translation>
    </message>
    <message>
        <source>Longest first</source>
        <translation>最长优先</translation>
    </message>
    <message>
        <source>Look at the demo</source>
        <translation>观看演示</translation>
    </message>
    <message>
        <source>Look for it, or not (Space)</source>
        <translation>查找或不查找（空格键）</translation>
    </message>
    <message>
        <source>Look for {name}</source>
        <translation>查找{name}</translation>
    </message>
    <message>
        <source>Look neutral for three seconds; this face is then read against it (Ctrl+N)</source>
        <translation>请保持自然表情三秒钟；之后将以此为基准识别这张人脸（Ctrl+N）</translation>
    </message>
    <message>
        <source>Look neutral for three seconds…</source>
        <translation>请保持自然表情三秒钟…</translation>
    </message>
    <message>
        <source>Mien may not use the camera</source>
        <translation>Mien 无权使用摄像头</translation>
    </message>
    <message>
        <source>Mirror</source>
        <translation>镜像</translation>
    </message>
    <message>
        <source>Mostly {label}, in {share} % of the pictures (F2 to name)</source>
        <translation>以{label}为主，占画面的 {share} %（按 F2 命名）</translation>
    </message>
    <message>
        <source>My neutral</source>
        <translation>我的自然表情</translation>
    </message>
    <message>
        <source>My neutral: take or undo</source>
        <translation>我的自然表情：采集或撤销</translation>
    </message>
    <message>
        <source>Name of the expression</source>
        <translation>表情的名称</translation>
    </message>
    <message>
        <source>Name, such as “bored”</source>
        <translation>名称，例如“无聊”</translation>
    </message>
    <message>
        <source>Needs an NVIDIA card, and none is here.</source>
        <translation>需要 NVIDIA 显卡，而本机没有。</translation>
    </message>
    <message>
        <source>New note</source>
        <translation>新笔记</translation>
    </message>
    <message>
        <source>Newest first</source>
        <translation>最新优先</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>优先</translation>
    </message>
    <message>
        <source>No camera found</source>
        <translation>未找到摄像头</translation>
    </message>
    <message>
        <source>No description yet</source>
        <translation>尚无描述</translation>
    </message>
    <message>
        <source>No face in view</source>
        <translation>画面中没有人脸</translation>
    </message>
    <message>
        <source>No face was seen.</source>
        <translation>没有看到人脸。</translation>
    </message>
    <message>
        <source>No face yet. What is read in one is drawn here.</source>
        <translation>尚无人脸。人脸的识别结果将绘制在这里。</translation>
    </message>
    <message>
        <source>No graphics card is needed: the processor does the reading.</source>
        <translation>不需要显卡：由处理器进行识别。</translation>
    </message>
    <message>
        <source>No picture</source>
        <translation>没有画面</translation>
    </message>
    <message>
        <source>No title, source, name or note has “{query}” in it.</source>
        <translation>没有标题、来源、名称或笔记包含“{query}”。</translation>
    </message>
    <message>
        <source>None stands out.</source>
        <translation>没有突出的时刻。</translation>
    </message>
    <message>
        <source>None yet.</source>
        <translation>暂无。</translation>
    </message>
    <message>
        <source>None, the table alone</source>
        <translation>无，仅数据表</translation>
    </message>
    <message>
        <source>Not applied yet: an expression is unfinished.</source>
        <translation>尚未应用：有表情未填写完整。</translation>
    </message>
    <message>
        <source>Note on this moment (Ctrl+N)</source>
        <translation>此时刻的笔记（Ctrl+N）</translation>
    </message>
    <message>
        <source>Note on {when} (Ctrl+N)</source>
        <translation>{when} 的笔记（Ctrl+N）</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>笔记</translation>
    </message>
    <message>
        <source>Notes…</source>
        <translation>笔记…</translation>
    </message>
    <message>
        <source>Nothing found</source>
        <translation>未找到任何内容</translation>
    </message>
    <message>
        <source>Nothing here yet</source>
        <translation>这里还没有内容</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>One analysis was not finished last time.</source>
        <translation>上次有一项分析未完成。</translation>
    </message>
    <message>
        <source>One picture back or on, while paused</source>
        <translation>暂停时后退或前进一帧</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Open a file</source>
        <translation>打开文件</translation>
    </message>
    <message>
        <source>Open a file…</source>
        <translation>打开文件…</translation>
    </message>
    <message>
        <source>Open a stream</source>
        <translation>打开视频流</translation>
    </message>
    <message>
        <source>Open a video or a picture</source>
        <translation>打开视频或图片</translation>
    </message>
    <message>
        <source>Open a video or a picture (Ctrl+O)</source>
        <translation>打开视频或图片（Ctrl+O）</translation>
    </message>
    <message>
        <source>Open a video, a picture or a stream</source>
        <translation>打开视频、图片或视频流</translation>
    </message>
    <message>
        <source>Open a video, a picture or a stream (Ctrl+O, Ctrl+L)</source>
        <translation>打开视频、图片或视频流（Ctrl+O、Ctrl+L）</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>打开文件夹</translation>
    </message>
    <message>
        <source>Open the folder</source>
        <translation>打开文件夹</translation>
    </message>
    <message>
        <source>Open the settings (Ctrl+,)</source>
        <translation>打开设置（Ctrl+,）</translation>
    </message>
    <message>
        <source>Opening the library…</source>
        <translation>正在打开资料库…</translation>
    </message>
    <message>
        <source>Opening…</source>
        <translation>正在打开…</translation>
    </message>
    <message>
        <source>Order of the library</source>
        <translation>资料库的排序</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>页面</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Pause (Space)</source>
        <translation>暂停（空格键）</translation>
    </message>
    <message>
        <source>Paused. Drag or scroll to look back.</source>
        <translation>已暂停。拖动或滚动以回看。</translation>
    </message>
    <message>
        <source>People look into their own camera as into a mirror (Ctrl+M)</source>
        <translation>看自己的摄像头就像照镜子一样（Ctrl+M）</translation>
    </message>
    <message>
        <source>Picture of the recording</source>
        <translation>录制的画面</translation>
    </message>
    <message>
        <source>Pictures in a second</source>
        <translation>每秒画面数</translation>
    </message>
    <message>
        <source>Plain video, and a table</source>
        <translation>原始视频和数据表</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>播放</translation>
    </message>
    <message>
        <source>Play (Space)</source>
        <translation>播放（空格键）</translation>
    </message>
    <message>
        <source>Play or pause a file</source>
        <translation>播放或暂停文件</translation>
    </message>
    <message>
        <source>Position</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>Press Start, or open a file.</source>
        <translation>请按“开始”，或打开一个文件。</translation>
    </message>
    <message>
        <source>Probabilities over time</source>
        <translation>概率随时间的变化</translation>
    </message>
    <message>
        <source>Progress of {title}</source>
        <translation>{title} 的进度</translation>
    </message>
    <message>
        <source>Prompts files (*.toml)</source>
        <translation>提示词文件 (*.toml)</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Rate</source>
        <translation>帧率</translation>
    </message>
    <message>
        <source>Read against this person&apos;s own neutral.</source>
        <translation>以此人自己的自然表情为基准进行识别。</translation>
    </message>
    <message>
        <source>Read this face against the neutral that was kept</source>
        <translation>以已保存的自然表情为基准识别这张人脸</translation>
    </message>
    <message>
        <source>Read this face as every other again (Ctrl+N)</source>
        <translation>恢复按普通方式识别这张人脸（Ctrl+N）</translation>
    </message>
    <message>
        <source>Reading</source>
        <translation>识别</translation>
    </message>
    <message>
        <source>Reading the model…</source>
        <translation>正在读取模型…</translation>
    </message>
    <message>
        <source>Record</source>
        <translation>录制</translation>
    </message>
    <message>
        <source>Record (Ctrl+R)</source>
        <translation>录制（Ctrl+R）</translation>
    </message>
    <message>
        <source>Recorded {length} to {name}</source>
        <translation>已将 {length} 录制到 {name}</translation>
    </message>
    <message>
        <source>Recording</source>
        <translation>录制</translation>
    </message>
    <message>
        <source>Recordings and analysed videos</source>
        <translation>录制和已分析的视频</translation>
    </message>
    <message>
        <source>Recordings and analysed videos (Ctrl+2)</source>
        <translation>录制和已分析的视频（Ctrl+2）</translation>
    </message>
    <message>
        <source>Recordings and analysed videos are listed here. Drop a video to analyse it, or choose one.</source>
        <translation>录制和已分析的视频会列在这里。将视频拖放到此处进行分析，或选择一个视频。</translation>
    </message>
    <message>
        <source>Remove from the list</source>
        <translation>从列表中移除</translation>
    </message>
    <message>
        <source>Remove it (Space)</source>
        <translation>移除（空格键）</translation>
    </message>
    <message>
        <source>Remove {count} entries from the list?</source>
        <translation>从列表中移除 {count} 项？</translation>
    </message>
    <message>
        <source>Remove {name}</source>
        <translation>移除{name}</translation>
    </message>
    <message>
        <source>Remove {title} from the list?</source>
        <translation>从列表中移除 {title}？</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>Replay</source>
        <translation>回放</translation>
    </message>
    <message>
        <source>Replay: back to the library</source>
        <translation>回放：返回资料库</translation>
    </message>
    <message>
        <source>Replay: begin a span, end it</source>
        <translation>回放：开始、结束一段</translation>
    </message>
    <message>
        <source>Replay: export</source>
        <translation>回放：导出</translation>
    </message>
    <message>
        <source>Replay: name a face</source>
        <translation>回放：为人脸命名</translation>
    </message>
    <message>
        <source>Replay: next moment, or the one before</source>
        <translation>回放：下一个或上一个时刻</translation>
    </message>
    <message>
        <source>Replay: put back a note that was removed</source>
        <translation>回放：恢复已删除的笔记</translation>
    </message>
    <message>
        <source>Replay: write a note</source>
        <translation>回放：写笔记</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Save as a prompts file, also for the command line (Alt+S)</source>
        <translation>保存为提示词文件，也可用于命令行（Alt+S）</translation>
    </message>
    <message>
        <source>Save expressions</source>
        <translation>保存表情</translation>
    </message>
    <message>
        <source>Save what is seen as PNG or SVG</source>
        <translation>将所见内容保存为 PNG 或 SVG</translation>
    </message>
    <message>
        <source>Saved as {name}.</source>
        <translation>已保存为 {name}。</translation>
    </message>
    <message>
        <source>Saved {path}</source>
        <translation>已保存 {path}</translation>
    </message>
    <message>
        <source>Saving…</source>
        <translation>正在保存…</translation>
    </message>
    <message>
        <source>Say where the video is now</source>
        <translation>指定视频现在的位置</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Search the library</source>
        <translation>搜索资料库</translation>
    </message>
    <message>
        <source>Search titles, sources, names of faces and notes (Ctrl+F)</source>
        <translation>搜索标题、来源、人脸名称和笔记（Ctrl+F）</translation>
    </message>
    <message>
        <source>Set everything on this page back</source>
        <translation>将本页所有设置恢复为默认值</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Settings (Ctrl+,)</source>
        <translation>设置（Ctrl+,）</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>设置…</translation>
    </message>
    <message>
        <source>Show it as a mirror does</source>
        <translation>镜像显示</translation>
    </message>
    <message>
        <source>Show its descriptions (Enter in its name)</source>
        <translation>显示描述（在名称中按回车键）</translation>
    </message>
    <message>
        <source>Show or hide {name} (Space); with Shift, only this one</source>
        <translation>显示或隐藏{name}（空格键）；按住 Shift 则仅显示此项</translation>
    </message>
    <message>
        <source>Show the folder that it is in</source>
        <translation>显示所在的文件夹</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>尺寸</translation>
    </message>
    <message>
        <source>Small ones in large pictures</source>
        <translation>大画面中的小人脸</translation>
    </message>
    <message>
        <source>Smoothing</source>
        <translation>平滑</translation>
    </message>
    <message>
        <source>Some settings could not be used, and have their defaults: {names}.</source>
        <translation>部分设置无法使用，已恢复默认值：{names}。</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>空格键</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>速度</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>Start or stop</source>
        <translation>开始或停止</translation>
    </message>
    <message>
        <source>Start or stop (Space)</source>
        <translation>开始或停止（空格键）</translation>
    </message>
    <message>
        <source>Start the same source once more (Space)</source>
        <translation>再次启动同一来源（空格键）</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>正在启动…</translation>
    </message>
    <message>
        <source>Statistics</source>
        <translation>统计</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Stop fetching; it can be begun again</source>
        <translation>停止下载；之后可以重新开始</translation>
    </message>
    <message>
        <source>Stop recording (Ctrl+R)</source>
        <translation>停止录制（Ctrl+R）</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>Stopped. Drag or scroll to look back.</source>
        <translation>已停止。拖动或滚动以回看。</translation>
    </message>
    <message>
        <source>Stream…</source>
        <translation>视频流…</translation>
    </message>
    <message>
        <source>Strongest moments</source>
        <translation>最强烈的时刻</translation>
    </message>
    <message>
        <source>Switch on two expressions at least.</source>
        <translation>请至少启用两个表情。</translation>
    </message>
    <message>
        <source>Table only</source>
        <translation>仅数据表</translation>
    </message>
    <message>
        <source>Table with names and notes…</source>
        <translation>含姓名和笔记的数据表…</translation>
    </message>
    <message>
        <source>Take back the last removal, loading or return to the defaults (Alt+U)</source>
        <translation>撤销上一次的移除、载入或恢复默认（Alt+U）</translation>
    </message>
    <message>
        <source>Take them off the queue; the videos stay where they are</source>
        <translation>从队列中移除；视频保留在原处</translation>
    </message>
    <message>
        <source>Taking it…</source>
        <translation>正在采集…</translation>
    </message>
    <message>
        <source>The camera does not open</source>
        <translation>无法打开摄像头</translation>
    </message>
    <message>
        <source>The camera gives no picture</source>
        <translation>摄像头没有画面</translation>
    </message>
    <message>
        <source>The disk of {folder} does not answer, and the recording ended.</source>
        <translation>{folder} 所在的磁盘没有响应，录制已结束。</translation>
    </message>
    <message>
        <source>The disk of {folder} is nearly full ({size} MB free): make room, or choose another.</source>
        <translation>{folder} 所在的磁盘快满了（剩余 {size} MB）：请清理空间或另选磁盘。</translation>
    </message>
    <message>
        <source>The expressions were changed, and the recording ended: start another.</source>
        <translation>表情已更改，录制已结束：请重新开始录制。</translation>
    </message>
    <message>
        <source>The files stay. Names and notes are lost.</source>
        <translation>文件会保留。名称和笔记将会丢失。</translation>
    </message>
    <message>
        <source>The folder {folder} cannot be reached any more: {reason}.</source>
        <translation>无法再访问文件夹 {folder}：{reason}。</translation>
    </message>
    <message>
        <source>The list of expressions that was kept</source>
        <translation>已保存的表情列表</translation>
    </message>
    <message>
        <source>The name has a character that cannot be shown.</source>
        <translation>名称中有无法显示的字符。</translation>
    </message>
    <message>
        <source>The picture was lost</source>
        <translation>画面已中断</translation>
    </message>
    <message>
        <source>The settings could not be read: the defaults are used, and the old file is {file}.</source>
        <translation>无法读取设置：已使用默认值，旧文件保存为 {file}。</translation>
    </message>
    <message>
        <source>The settings could not be read: the defaults are used.</source>
        <translation>无法读取设置：已使用默认值。</translation>
    </message>
    <message>
        <source>The span ends here (]); or drag over the plot with Shift</source>
        <translation>时间段在这里结束 (])；或按住 Shift 在图上拖动</translation>
    </message>
    <message>
        <source>The stream does not answer</source>
        <translation>视频流没有响应</translation>
    </message>
    <message>
        <source>The video {path} is not there. Plot and notes work without it.</source>
        <translation>找不到视频 {path}。没有它也可以使用图表和笔记。</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>There is no video of this recording, only its table.</source>
        <translation>此录制没有视频，只有数据表。</translation>
    </message>
    <message>
        <source>These expressions are too long to be kept for the next time: save them to a file.</source>
        <translation>这些表情描述太长，无法留到下次使用：请将其保存到文件。</translation>
    </message>
    <message>
        <source>This camera is not connected</source>
        <translation>该摄像头未连接</translation>
    </message>
    <message>
        <source>This engine cannot run here</source>
        <translation>该引擎无法在本机运行</translation>
    </message>
    <message>
        <source>This is a demo: the faces are drawn, and their readings mean nothing.</source>
        <translation>这是演示：人脸是绘制的，识别结果没有实际意义。</translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation>时间线</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>标题</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Try {title} again</source>
        <translation>重试 {title}</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Unplug it and plug it in again.</source>
        <translation>请拔下摄像头，再重新插上。</translation>
    </message>
    <message>
        <source>Use kept</source>
        <translation>使用已保存的</translation>
    </message>
    <message>
        <source>Video</source>
        <translation>视频</translation>
    </message>
    <message>
        <source>Video or picture…</source>
        <translation>视频或图片…</translation>
    </message>
    <message>
        <source>Video with the readings, and a table</source>
        <translation>带识别结果的视频和数据表</translation>
    </message>
    <message>
        <source>Videos ({endings});;All files (*)</source>
        <translation>视频 ({endings});;所有文件 (*)</translation>
    </message>
    <message>
        <source>Videos and pictures</source>
        <translation>视频和图片</translation>
    </message>
    <message>
        <source>What is read in the selected face</source>
        <translation>所选人脸的识别结果</translation>
    </message>
    <message>
        <source>What is recorded, and where</source>
        <translation>录制的内容和位置</translation>
    </message>
    <message>
        <source>What it is called beside a face and in tables (Return: describe it)</source>
        <translation>在人脸旁和表格中显示的名称（回车键：编写描述）</translation>
    </message>
    <message>
        <source>What runs the face encoder</source>
        <translation>运行人脸编码器的引擎</translation>
    </message>
    <message>
        <source>Where is the video?</source>
        <translation>视频在哪里？</translation>
    </message>
    <message>
        <source>Where recordings go</source>
        <translation>录制文件的保存位置</translation>
    </message>
    <message>
        <source>Whether boxes and labels are drawn into the video</source>
        <translation>是否将方框和标签绘制到视频中</translation>
    </message>
    <message>
        <source>Which are looked for, in words (Ctrl+E)</source>
        <translation>要识别的表情，用文字描述 (Ctrl+E)</translation>
    </message>
    <message>
        <source>Width and height of the picture, in pixels</source>
        <translation>画面的宽度和高度（像素）</translation>
    </message>
    <message>
        <source>With boxes and labels</source>
        <translation>带方框和标签</translation>
    </message>
    <message>
        <source>Write a note on this moment, or on the marked span (Ctrl+N)</source>
        <translation>为此时刻或标记的时段写笔记（Ctrl+N）</translation>
    </message>
    <message>
        <source>Write the notes, or the table with names and notes, to a file (Ctrl+E)</source>
        <translation>将笔记，或含姓名和笔记的数据表，写入文件（Ctrl+E）</translation>
    </message>
    <message>
        <source>Written: {path}</source>
        <translation>已写入：{path}</translation>
    </message>
    <message>
        <source>anger</source>
        <translation>愤怒</translation>
    </message>
    <message>
        <source>capture</source>
        <translation>采集</translation>
    </message>
    <message>
        <source>contempt</source>
        <translation>轻蔑</translation>
    </message>
    <message>
        <source>crops</source>
        <translation>裁剪</translation>
    </message>
    <message>
        <source>detection</source>
        <translation>检测</translation>
    </message>
    <message>
        <source>detector</source>
        <translation>检测器</translation>
    </message>
    <message>
        <source>disgust</source>
        <translation>厌恶</translation>
    </message>
    <message>
        <source>disk full in {minutes} min</source>
        <translation>磁盘将在 {minutes} 分钟后写满</translation>
    </message>
    <message>
        <source>disk full within a minute</source>
        <translation>磁盘将在一分钟内写满</translation>
    </message>
    <message>
        <source>dropped</source>
        <translation>丢弃</translation>
    </message>
    <message>
        <source>end</source>
        <translation>结束</translation>
    </message>
    <message>
        <source>engine</source>
        <translation>引擎</translation>
    </message>
    <message>
        <source>fear</source>
        <translation>恐惧</translation>
    </message>
    <message>
        <source>frames per second</source>
        <translation>每秒帧数</translation>
    </message>
    <message>
        <source>happiness</source>
        <translation>高兴</translation>
    </message>
    <message>
        <source>latency {milliseconds} ms</source>
        <translation>延迟 {milliseconds} 毫秒</translation>
    </message>
    <message>
        <source>memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>milliseconds</source>
        <translation>毫秒</translation>
    </message>
    <message>
        <source>neutral</source>
        <translation>中性</translation>
    </message>
    <message>
        <source>no face</source>
        <translation>无人脸</translation>
    </message>
    <message>
        <source>now</source>
        <translation>现在</translation>
    </message>
    <message>
        <source>painted per second</source>
        <translation>每秒绘制</translation>
    </message>
    <message>
        <source>pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>recognition</source>
        <translation>识别</translation>
    </message>
    <message>
        <source>sadness</source>
        <translation>悲伤</translation>
    </message>
    <message>
        <source>starting…</source>
        <translation>正在启动…</translation>
    </message>
    <message>
        <source>stopped early</source>
        <translation>提前停止</translation>
    </message>
    <message>
        <source>surprise</source>
        <translation>惊讶</translation>
    </message>
    <message>
        <source>the last {time}</source>
        <translation>最近 {time}</translation>
    </message>
    <message>
        <source>to reading</source>
        <translation>到得出结果</translation>
    </message>
    <message>
        <source>to view</source>
        <translation>到显示</translation>
    </message>
    <message>
        <source>uncertainty {percent} %</source>
        <translation>不确定度 {percent} %</translation>
    </message>
    <message>
        <source>unsure</source>
        <translation>不确定</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>window thread</source>
        <translation>窗口线程</translation>
    </message>
    <message>
        <source>{count} analyses were not finished last time.</source>
        <translation>上次有 {count} 项分析未完成。</translation>
    </message>
    <message>
        <source>{count} expressions in use.</source>
        <translation>正在使用 {count} 个表情。</translation>
    </message>
    <message>
        <source>{count} faces</source>
        <translation>{count} 张人脸</translation>
    </message>
    <message>
        <source>{count} notes are near no face, and so not in the table.</source>
        <translation>{count} 条笔记附近没有人脸，因此未写入数据表。</translation>
    </message>
    <message>
        <source>{count} pictures left out</source>
        <translation>遗漏 {count} 帧</translation>
    </message>
    <message>
        <source>{line} What was recorded is kept, and finished when Mien starts the next time.</source>
        <translation>{line} 已录制的内容会保留，并在下次启动 Mien 时完成。</translation>
    </message>
    <message>
        <source>{name} gives no picture: waiting until it is back</source>
        <translation>{name} 没有画面：正在等待恢复</translation>
    </message>
    <message>
        <source>{name} is back</source>
        <translation>{name} 已恢复</translation>
    </message>
    <message>
        <source>{name} is neither a video nor results of Mien: add videos, or a results folder.</source>
        <translation>{name} 既不是视频，也不是 Mien 的结果：请添加视频或结果文件夹。</translation>
    </message>
    <message>
        <source>{name} is not in {folder}.</source>
        <translation>{folder} 中没有 {name}。</translation>
    </message>
    <message>
        <source>{name} {percent} %</source>
        <translation>{name} {percent} %</translation>
    </message>
    <message>
        <source>{note}
(F2 to change, Delete to remove)</source>
        <translation>{note}
（按 F2 修改，按 Delete 删除）</translation>
    </message>
    <message>
        <source>{percent} % of a core</source>
        <translation>单核的 {percent} %</translation>
    </message>
    <message>
        <source>{rate} fps</source>
        <translation>{rate} 帧/秒</translation>
    </message>
    <message>
        <source>{rate} frames a second</source>
        <translation>每秒 {rate} 帧</translation>
    </message>
    <message>
        <source>{rate} per second</source>
        <translation>每秒 {rate} 帧</translation>
    </message>
    <message>
        <source>{seconds} s</source>
        <translation>{seconds} 秒</translation>
    </message>
    <message>
        <source>{source}
Enter opens, F2 renames, Del removes from the list</source>
        <translation>{source}
按回车键打开，F2 重命名，Del 从列表中移除</translation>
    </message>
    <message>
        <source>{time} left</source>
        <translation>剩余 {time}</translation>
    </message>
    <message>
        <source>{title} has no table: analyse the video to get one.</source>
        <translation>{title} 没有数据表：请先分析视频以生成数据表。</translation>
    </message>
</context>
</TS>
